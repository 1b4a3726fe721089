using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Options;
using IPNetwork = System.Net.IPNetwork;

namespace McpImageGen.McpApi.Proxies;

/// <summary>Makes a request look as the client sent it to the proxy: scheme, host, base path and the client's address.</summary>
internal static class ProxySetup
{
    private const string PrefixHeader = "X-Forwarded-Prefix";

    /// <summary>
    /// What a proxy adds to a request, and what becomes of it when it is believed. A request with one of them was not sent by a program on this
    /// machine for itself.
    /// </summary>
    private static readonly string[] Traces =
    [
        "Forwarded",
        "X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host", PrefixHeader,
        "X-Original-For", "X-Original-Proto", "X-Original-Host", "X-Original-Prefix",
    ];

    public static void AddProxies(this IHostApplicationBuilder builder) =>
        builder.AddOptionsOf<ProxyOptions, ProxyOptionsValidation>(ProxyOptions.Section);

    /// <summary>Comes first: whatever looks at the scheme, the host, the path or the address comes after it.</summary>
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

    /// <summary>Whether the request came through a proxy, trusted or not.</summary>
    public static bool IsPassedOn(HttpRequest request) => Traces.Any(request.Headers.ContainsKey);

    /// <summary>Whether a trusted proxy passed the request on, and what it said of it was taken over.</summary>
    public static bool IsBelieved(HttpRequest request) => request.HttpContext.Items.ContainsKey(typeof(ProxyOptions));

    private static ForwardedHeadersOptions OptionsFor(ProxyOptions proxy, IReadOnlyList<IPNetwork> trusted)
    {
        var options = new ForwardedHeadersOptions
        {
            ForwardedHeaders = ForwardedHeaders.All,

            // Each proxy adds an address behind those that it was sent. As far as they are trusted the list is followed; where everybody is
            // trusted, only what the nearest one has added is sure.
            ForwardLimit = proxy.TrustsAny ? 1 : null,
        };
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        foreach (var network in trusted)
            options.KnownIPNetworks.Add(network);
        return options;
    }

    /// <summary>Notes whether it is a trusted proxy that calls, before its address gives way to the client's.</summary>
    private static Task LookAsync(HttpContext context, RequestDelegate next, IReadOnlyList<IPNetwork> trusted)
    {
        var address = context.Connection.RemoteIpAddress is { IsIPv4MappedToIPv6: true } mapped ? mapped.MapToIPv4() : context.Connection.RemoteIpAddress;
        if (address is not null && IsPassedOn(context.Request) && trusted.Any(network => network.Contains(address)))
            context.Items[typeof(ProxyOptions)] = true;

        // A proxy that sets no prefix itself passes on what the client sent.
        if (context.Request.Headers[PrefixHeader] is { Count: > 0 } prefix && !prefix.All(part => part is not null && ProxyOptionsValidation.IsPath(part)))
            context.Request.Headers.Remove(PrefixHeader);
        return next(context);
    }

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
