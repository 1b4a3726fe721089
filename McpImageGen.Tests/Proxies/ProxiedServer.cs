using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using McpImageGen.Tests.Auth;
using McpImageGen.Tests.Testing;

namespace McpImageGen.Tests.Proxies;

/// <summary>A server behind a proxy, as clients far away reach it: https, HTTP/2, another name, maybe below a path.</summary>
public sealed class ProxiedServer : IAsyncDisposable
{
    private readonly IdentityProvider _provider;
    private readonly Proxy _proxy;

    private ProxiedServer(IdentityProvider provider, RunningStandalone server, Proxy proxy, string path, X509Certificate2 certificate)
    {
        _provider = provider;
        Server = server;
        _proxy = proxy;
        Address = new Uri($"https://{Proxy.Host}:{proxy.Port}{path}/");
        Http = new HttpClient(new OverHttp2(proxy.Port, certificate)) { BaseAddress = Address, Timeout = TimeSpan.FromSeconds(100) };
        Client = new FetchClient(Http, server.Token, "mcp");
    }

    /// <summary>What stands behind the proxy.</summary>
    public RunningStandalone Server { get; }

    /// <summary>Where clients find it, with a slash at the end.</summary>
    public Uri Address { get; }

    /// <summary>A client that speaks HTTP/2 only.</summary>
    public HttpClient Http { get; }

    public FetchClient Client { get; }

    public string Issuer => _provider.Address;

    /// <param name="program">nginx or caddy.</param>
    /// <param name="configuration">The file of docs/proxies.</param>
    /// <param name="path">Where the server is below the proxy, without a slash at the end.</param>
    public static async Task<ProxiedServer> StartAsync(string program, string configuration, string path)
    {
        Proxy.Require();
        var certificate = NewCertificate();
        var provider = await IdentityProvider.StartAsync();
        var server = await RunningStandalone.StartAsync(
            "--Proxy:Trusted=127.0.0.1", "--Mcp:KeepAliveEvery=00:00:00.500",
            "--Auth:Jwt:Authority=" + provider.Address, "--Auth:Jwt:Audience=" + IdentityProvider.Audience);
        return new ProxiedServer(provider, server, await Proxy.StartAsync(program, configuration, server.Http.BaseAddress!, certificate), path, certificate);
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _proxy.DisposeAsync();
        await Server.DisposeAsync();
        await _provider.DisposeAsync();
    }

    private static X509Certificate2 NewCertificate()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=" + Proxy.Host, key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(Proxy.Host);
        request.CertificateExtensions.Add(names.Build());
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
    }

    /// <summary>Sends each request in HTTP/2 or not at all, to the proxy on this machine, and takes no certificate but the proxy's.</summary>
    private sealed class OverHttp2(int port, X509Certificate2 certificate) : DelegatingHandler(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        ConnectCallback = async (_, cancellationToken) =>
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(IPAddress.Loopback, port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        },
        SslOptions = { RemoteCertificateValidationCallback = (_, sent, _, _) => sent?.GetCertHashString() == certificate.GetCertHashString() },
    })
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            request.Version = HttpVersion.Version20;
            request.VersionPolicy = HttpVersionPolicy.RequestVersionExact;
            return base.SendAsync(request, cancellationToken);
        }
    }
}
