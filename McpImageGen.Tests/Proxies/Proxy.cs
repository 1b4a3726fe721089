using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using McpImageGen.Tests.Testing;

namespace McpImageGen.Tests.Proxies;

/// <summary>
/// nginx or Caddy as a process, with a configuration of docs/proxies: only addresses and certificates are replaced by those of the test.
/// install.sh beside this says where the programs are.
/// </summary>
public sealed class Proxy : IAsyncDisposable
{
    public const string Host = "img.example.com";

    private readonly TemporaryFolder _folder = new();
    private readonly ChildProcess _process;

    private Proxy(string program, string configuration, int port, Uri server, X509Certificate2 certificate)
    {
        Port = port;
        var pem = Write("certificate.pem", certificate.ExportCertificatePem());
        var key = Write("key.pem", certificate.GetRSAPrivateKey()!.ExportPkcs8PrivateKeyPem());
        var example = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Proxies", configuration))
            .Replace("127.0.0.1:5280", server.Authority, StringComparison.Ordinal);
        _process = new ChildProcess(program == "nginx" ? Nginx(example, pem, key) : Caddy(example, pem, key), killsTree: true);
    }

    public int Port { get; }

    /// <summary>The folder of the programs; skips the test where there are none.</summary>
    private static string Programs => Requirement.Setting("TEST_PROXIES", "Tests behind real proxies", "McpImageGen.Tests/Proxies/install.sh");

    /// <summary>Skips the test where there are no proxies.</summary>
    public static void Require() => _ = Programs;

    /// <summary>Starts a proxy before the server.</summary>
    /// <param name="program">nginx or caddy.</param>
    /// <param name="configuration">The file of docs/proxies.</param>
    /// <param name="server">The server.</param>
    /// <param name="certificate">The certificate of <see cref="Host"/>, with its key.</param>
    public static async Task<Proxy> StartAsync(string program, string configuration, Uri server, X509Certificate2 certificate)
    {
        var proxy = new Proxy(program, configuration, FreePort.Next(), server, certificate);
        await Until.HoldsAsync(proxy.AcceptsAsync, accepts => accepts, $"{program} accepts connections");
        return proxy;
    }

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        _folder.Dispose();
    }

    private ProcessStartInfo Nginx(string example, string pem, string key)
    {
        var site = Write("site.conf", example
            .Replace("listen 443", $"listen 127.0.0.1:{Port}", StringComparison.Ordinal)
            .Replace("/etc/ssl/img.example.com.pem", pem, StringComparison.Ordinal)
            .Replace("/etc/ssl/img.example.com.key", key, StringComparison.Ordinal));
        var isRoot = Environment.UserName == "root";
        var main = Write("nginx.conf", $$"""
            {{(isRoot ? "user root;" : "")}}
            daemon off;
            pid {{_folder.Path}}/nginx.pid;
            error_log stderr;
            events { }
            http {
                access_log off;
                client_body_temp_path {{_folder.Path}}/body;
                proxy_temp_path {{_folder.Path}}/proxy;
                fastcgi_temp_path {{_folder.Path}}/fastcgi;
                uwsgi_temp_path {{_folder.Path}}/uwsgi;
                scgi_temp_path {{_folder.Path}}/scgi;
                include {{site}};
            }
            """);
        return new ProcessStartInfo(Path.Combine(Programs, "nginx"), ["-p", _folder.Path, "-e", "stderr", "-c", main]);
    }

    private ProcessStartInfo Caddy(string example, string pem, string key)
    {
        var site = example.Replace($"{Host} {{", $"https://{Host}:{Port} {{\n\tbind 127.0.0.1\n\ttls {pem} {key}", StringComparison.Ordinal);
        var file = Write("Caddyfile", "{\n\tadmin off\n\tauto_https off\n}\n" + site);
        var start = new ProcessStartInfo(Path.Combine(Programs, "caddy"), ["run", "--config", file, "--adapter", "caddyfile"]);
        start.Environment["HOME"] = start.Environment["XDG_DATA_HOME"] = start.Environment["XDG_CONFIG_HOME"] = _folder.Path;
        return start;
    }

    private async Task<bool> AcceptsAsync()
    {
        if (!_process.IsRunning)
            throw new InvalidOperationException($"The proxy ended: {_process.AllOutput}");
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, Port, TestContext.Current.CancellationToken);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private string Write(string name, string text)
    {
        var path = Path.Combine(_folder.Path, name);
        File.WriteAllText(path, text);
        return path;
    }
}
