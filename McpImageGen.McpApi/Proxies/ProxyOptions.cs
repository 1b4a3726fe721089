using System.Net;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;

namespace McpImageGen.McpApi.Proxies;

/// <summary>The reverse proxies between the clients and this server. Section <c>Proxy</c>.</summary>
public sealed class ProxyOptions
{
    public const string Section = "Proxy";

    private const string Any = "any";

    /// <summary>
    /// The proxies whose <c>X-Forwarded-For</c>, <c>-Proto</c>, <c>-Host</c> and <c>-Prefix</c> headers are trusted: IP addresses and networks such as
    /// <c>10.0.0.0/8</c>, separated by commas; <c>private</c> for loopback and all private networks; <c>any</c> for all addresses.
    /// Default: none, because a client can send such headers too.
    /// </summary>
    public string Trusted { get; set; } = "";

    /// <summary>
    /// The path under which a proxy serves this server, such as <c>/img</c>; all links start with it. Requests can arrive with it or without it.
    /// Default: none, unless a trusted proxy sends <c>X-Forwarded-Prefix</c>.
    /// </summary>
    public string BasePath { get; set; } = "";

    internal bool TrustsAny => Parts.Contains(Any, StringComparer.OrdinalIgnoreCase);

    /// <summary>The networks of the trusted proxies.</summary>
    /// <exception cref="FormatException">A part is neither an address nor a network.</exception>
    internal IReadOnlyList<IPNetwork> TrustedNetworks => [.. Parts.SelectMany(NetworksOf)];

    private string[] Parts => Trusted.Split([',', ';', ' '], StringSplitOptions.RemoveEmptyEntries);

    private static IEnumerable<IPNetwork> NetworksOf(string part)
    {
        if (part.Equals(Any, StringComparison.OrdinalIgnoreCase))
            return [IPNetwork.Parse("0.0.0.0/0"), IPNetwork.Parse("::/0")];
        if (part.Equals("private", StringComparison.OrdinalIgnoreCase))
            return PrivateNetworks.All;
        if (IPAddress.TryParse(part, out var address))
            return [new IPNetwork(address, address.GetAddressBytes().Length * 8)];
        return [IPNetwork.Parse(part)];
    }
}

internal sealed partial class ProxyOptionsValidation : IValidateOptions<ProxyOptions>
{
    /// <summary>The first segments of the server's own paths. A base path that starts with one of them would be ambiguous if the proxy removes the base path.</summary>
    private static readonly string[] OwnPaths = ["alive", "assets", "gallery", "health", "images", "mcp", "sse", "status", ".well-known"];

    public ValidateOptionsResult Validate(string? name, ProxyOptions options)
    {
        var failures = new List<string>();
        try
        {
            _ = options.TrustedNetworks;
        }
        catch (FormatException)
        {
            failures.Add("Proxy__Trusted must be IP addresses and networks such as 10.0.0.5 or 10.0.0.0/8, separated by commas, or 'private' or 'any'.");
        }

        if (options.BasePath.Length > 0 && !IsPath(options.BasePath))
            failures.Add("Proxy__BasePath must be a path such as /img that contains only letters, digits and the characters - . _ ~.");
        else if (OwnPaths.Contains(options.BasePath.Trim('/').Split('/')[0], StringComparer.OrdinalIgnoreCase))
            failures.Add($"Proxy__BasePath must not start with a path that the server itself uses: {string.Join(", ", OwnPaths)}.");
        return failures.Count > 0 ? ValidateOptionsResult.Fail(failures) : ValidateOptionsResult.Success;
    }

    /// <summary>Whether a string is a valid base path; <c>//elsewhere.example</c>, for example, refers to another server.</summary>
    public static bool IsPath(string path) => PlainPath().IsMatch(path);

    [GeneratedRegex(@"\A(/(?!\.{1,2}(/|\z))[A-Za-z0-9._~-]+)+/?\z")]
    private static partial Regex PlainPath();
}
