using System.Net;

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
