using System.Net;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Options;
using IPNetwork = System.Net.IPNetwork;

namespace McpImageGen.McpApi.Proxies;

/// <summary>Restores a request as the client sent it to the proxy: scheme, host, base path and the client's address.</summary>
internal static class ProxySetup
{
    private const string PrefixHeader = "X-Forwarded-Prefix";
    private const string ProtoHeader = "X-Forwarded-Proto";
    private const string HostHeader = "X-Forwarded-Host";

    /// <summary>The standard forwarding headers, and the headers that the middleware sets when it trusts them.</summary>
    private static readonly string[] Standard =
    [
        "Forwarded",
        "X-Forwarded-For", ProtoHeader, HostHeader, PrefixHeader,
        "X-Original-For", "X-Original-Proto", "X-Original-Host", "X-Original-Prefix",
    ];

    /// <summary>Other headers that proxies, load balancers, CDNs and tunnels add to a request.</summary>
    private static readonly string[] Traces =
    [
        "Forwarded", "Via", "CDN-Loop", "Client-IP", "Remote-Addr",
        "X-Real-IP", "X-Real-Proto", "X-Scheme", "X-Client-IP", "X-Cluster-Client-IP", "X-ProxyUser-IP", "X-Remote-Addr", "X-ARR-SSL", "X-ARR-LOG-ID",
        "True-Client-IP", "DO-Connecting-IP", "X-Rewrite-URL",
    ];

    /// <summary>The first characters of the headers of a product that adds several.</summary>
    private static readonly string[] TracePrefixes =
        ["X-Forwarded-", "X-Original-", "X-Envoy-", "X-Azure-", "X-Amzn-", "X-Appengine-", "X-Vercel-", "CF-", "Fly-", "Fastly-", "Ngrok-", "Tailscale-"];

    public static void AddProxies(this IHostApplicationBuilder builder) =>
        builder.AddOptionsOf<ProxyOptions, ProxyOptionsValidation>(ProxyOptions.Section);

    /// <summary>Must be the first middleware: the others use the scheme, the host, the path and the address.</summary>
    public static void UseProxies(this WebApplication app)
    {
        var proxy = app.Services.GetRequiredService<IOptions<ProxyOptions>>().Value;
        if (proxy.TrustedNetworks is { Count: > 0 } trusted)
        {
            app.Use((context, next) => LookAsync(context, next, trusted));
            app.UseForwardedHeaders(OptionsFor(proxy, trusted));
        }

        var basePath = new PathString(proxy.BasePath.TrimEnd('/'));
        app.Use((context, next) => WithBasePath(context, next, basePath));
    }

    /// <summary>Whether the request shows that it came through a proxy, trusted or not.</summary>
    public static bool IsPassedOn(HttpRequest request) => request.Headers.Keys.Any(name =>
        Traces.Contains(name, StringComparer.OrdinalIgnoreCase)
        || TracePrefixes.Any(prefix => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)));

    /// <summary>Whether a trusted proxy forwarded the request and its headers were applied.</summary>
    public static bool IsBelieved(HttpRequest request) => ProxyOf(request.HttpContext) is not null;

    /// <summary>The address of the trusted proxy that forwarded the request; null if there is none.</summary>
    public static IPAddress? ProxyOf(HttpContext context) => context.Items[typeof(ProxyOptions)] as IPAddress;

    private static ForwardedHeadersOptions OptionsFor(ProxyOptions proxy, IReadOnlyList<IPNetwork> trusted)
    {
        var options = new ForwardedHeadersOptions
        {
            ForwardedHeaders = ForwardedHeaders.All,

            // Each proxy appends an address to the list. The list is followed as long as the proxies are trusted; if all addresses are
            // trusted, only the entry that the nearest proxy added is reliable.
            ForwardLimit = proxy.TrustsAny ? 1 : null,
        };
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        foreach (var network in trusted)
            options.KnownIPNetworks.Add(network);
        return options;
    }

    /// <summary>Records whether a trusted proxy sent the request, before its address is replaced by the client's.</summary>
    private static Task LookAsync(HttpContext context, RequestDelegate next, IReadOnlyList<IPNetwork> trusted)
    {
        var address = context.Connection.RemoteIpAddress is { IsIPv4MappedToIPv6: true } mapped ? mapped.MapToIPv4() : context.Connection.RemoteIpAddress;
        if (address is not null && Standard.Any(context.Request.Headers.ContainsKey) && trusted.Any(network => network.Contains(address)))
            context.Items[typeof(ProxyOptions)] = address;

        // A proxy that does not set one of these headers forwards the header that the client sent.
        Check(context.Request.Headers, PrefixHeader, "X-Original-Prefix", ProxyOptionsValidation.IsPath);
        Check(context.Request.Headers, ProtoHeader, "X-Original-Proto", IsScheme);
        return IsBelieved(context.Request) && !AreReadable(context.Request.Headers) ? HostGuard.RefuseAsync(context) : next(context);
    }

    /// <summary>Whether the framework can read the host names that it exchanges: it fails on an invalid internationalized name.</summary>
    private static bool AreReadable(IHeaderDictionary headers)
    {
        try
        {
            var forwarded = headers.GetCommaSeparatedValues(HostHeader);
            if (forwarded.Length > 0)
                HostString.FromUriComponent(headers.Host.ToString());
            foreach (var host in forwarded)
                HostString.FromUriComponent(host);
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    /// <summary>Renames a header with an invalid value, so that it is not applied but still shows that the request was passed on.</summary>
    private static void Check(IHeaderDictionary headers, string name, string original, Func<string, bool> isValid)
    {
        if (headers[name] is not { Count: > 0 } values || values.All(value => value is not null && isValid(value)))
            return;
        headers[original] = values;
        headers.Remove(name);
    }

    /// <summary>Whether the value is the scheme that each proxy received. Links cannot be made with any other text.</summary>
    private static bool IsScheme(string value) =>
        value.Split(',', StringSplitOptions.TrimEntries).All(scheme => scheme.ToLowerInvariant() is "http" or "https");

    private static Task WithBasePath(HttpContext context, RequestDelegate next, PathString basePath)
    {
        var request = context.Request;
        if (request.PathBase.Value is { Length: > 0 } prefix)
        {
            request.PathBase = prefix.TrimEnd('/');
        }
        else if (basePath.HasValue)
        {
            if (request.Path.StartsWithSegments(basePath, out var rest))
                request.Path = rest.HasValue ? rest : "/";
            request.PathBase = basePath;
        }

        return next(context);
    }
}

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
