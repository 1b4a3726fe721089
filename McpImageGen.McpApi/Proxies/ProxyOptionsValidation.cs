using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;

namespace McpImageGen.McpApi.Proxies;

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
