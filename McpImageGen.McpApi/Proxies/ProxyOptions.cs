using System.Net;

namespace McpImageGen.McpApi.Proxies;

/// <summary>The reverse proxies between the clients and this server. Section <c>Proxy</c>.</summary>
public sealed class ProxyOptions
{
    public const string Section = "Proxy";

    private const string Any = "any";

    /// <summary>
    /// Whose <c>X-Forwarded-For</c>, <c>-Proto</c>, <c>-Host</c> and <c>-Prefix</c> headers are believed: addresses and networks such as
    /// <c>10.0.0.0/8</c>, separated by commas; <c>private</c> for loopback and all networks that are not on the internet; <c>any</c> for everybody.
    /// Default: nobody's, because a client can send such headers too.
    /// </summary>
    public string Trusted { get; set; } = "";

    /// <summary>
    /// The path below which a proxy serves this server, such as <c>/img</c>; all links start with it. Requests may arrive with it or without it.
    /// Default: none, unless a trusted proxy sends <c>X-Forwarded-Prefix</c>.
    /// </summary>
    public string BasePath { get; set; } = "";

    internal bool TrustsAny => Parts.Contains(Any, StringComparer.OrdinalIgnoreCase);

    /// <summary>Whose headers are believed.</summary>
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
