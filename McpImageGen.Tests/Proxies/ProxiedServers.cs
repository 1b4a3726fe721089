using System.Collections.Concurrent;

namespace McpImageGen.Tests.Proxies;

/// <summary>Each server behind its proxy, started when a test first needs it.</summary>
public sealed class ProxiedServers : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, Lazy<Task<ProxiedServer>>> _servers = new();

    /// <summary>The names of all examples in docs/proxies that can be run here.</summary>
    public static TheoryData<string> All => ["nginx.conf", "nginx-path.conf", "Caddyfile", "Caddyfile-path"];

    /// <param name="configuration">The file of docs/proxies.</param>
    public Task<ProxiedServer> BehindAsync(string configuration) => _servers.GetOrAdd(configuration, file => new(() => ProxiedServer.StartAsync(
        file.StartsWith("nginx", StringComparison.Ordinal) ? "nginx" : "caddy",
        file,
        file.Contains("-path", StringComparison.Ordinal) ? "/img" : ""))).Value;

    public async ValueTask DisposeAsync()
    {
        foreach (var server in _servers.Values)
        {
            if (server.Value.IsCompletedSuccessfully)
                await (await server.Value).DisposeAsync();
        }
    }
}
