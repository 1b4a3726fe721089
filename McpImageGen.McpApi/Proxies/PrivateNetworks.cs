using System.Net;

namespace McpImageGen.McpApi.Proxies;

/// <summary>The networks that are not reachable from the internet.</summary>
internal static class PrivateNetworks
{
    public static readonly IReadOnlyList<IPNetwork> All =
    [
        IPNetwork.Parse("127.0.0.0/8"), IPNetwork.Parse("::1/128"), // loopback
        IPNetwork.Parse("10.0.0.0/8"), IPNetwork.Parse("172.16.0.0/12"), IPNetwork.Parse("192.168.0.0/16"), // RFC 1918
        IPNetwork.Parse("100.64.0.0/10"), // RFC 6598; the ingress of Azure Container Apps calls from there
        IPNetwork.Parse("169.254.0.0/16"), IPNetwork.Parse("fe80::/10"), // link-local
        IPNetwork.Parse("fc00::/7"), // RFC 4193
    ];
}
