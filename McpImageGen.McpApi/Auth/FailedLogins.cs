using System.Net;
using System.Threading.RateLimiting;
using McpImageGen.McpApi.Proxies;
using Microsoft.Extensions.Options;

namespace McpImageGen.McpApi.Auth;

/// <summary>
/// Counts the calls with unknown tokens from each address. It is used only for those calls, so a call with a valid token is never rejected.
/// </summary>
internal sealed class FailedLogins(IOptions<LimitsOptions> limits) : IDisposable
{
    /// <summary>How many clients' failures a proxy may forward. A client that can choose its address in <c>X-Forwarded-For</c> is limited by this.</summary>
    private const int ClientsOfProxy = 10;

    private readonly PartitionedRateLimiter<IPAddress> _ofClients = Limiter(limits.Value.FailedLoginsPerMinute);
    private readonly PartitionedRateLimiter<IPAddress> _ofProxies = Limiter(ClientsOfProxy * (long)limits.Value.FailedLoginsPerMinute);

    /// <summary>Counts one more failure. Returns how long to wait before the next attempt if there were too many, otherwise null.</summary>
    public TimeSpan? Add(HttpContext context) =>
        Add(_ofClients, context.Connection.RemoteIpAddress ?? IPAddress.None)
        ?? (ProxySetup.ProxyOf(context) is { } proxy ? Add(_ofProxies, proxy) : null);

    public void Dispose()
    {
        _ofClients.Dispose();
        _ofProxies.Dispose();
    }

    private static TimeSpan? Add(PartitionedRateLimiter<IPAddress> limiter, IPAddress address)
    {
        using var lease = limiter.AttemptAcquire(address);
        if (lease.IsAcquired)
            return null;
        return lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) ? wait : TimeSpan.FromMinutes(1);
    }

    private static PartitionedRateLimiter<IPAddress> Limiter(long max) => PartitionedRateLimiter.Create<IPAddress, IPAddress>(
        address => RateLimitPartition.GetFixedWindowLimiter(address, _ => new FixedWindowRateLimiterOptions
        {
            PermitLimit = (int)Math.Min(max, int.MaxValue),
            Window = TimeSpan.FromMinutes(1),
        }));
}
