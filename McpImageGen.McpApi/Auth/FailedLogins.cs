using System.Net;
using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;

namespace McpImageGen.McpApi.Auth;

/// <summary>Counts the calls with unknown tokens from each address. It is used only for those calls, so a call with a valid token is never rejected.</summary>
internal sealed class FailedLogins(IOptions<LimitsOptions> limits) : IDisposable
{
    private readonly PartitionedRateLimiter<IPAddress> _failures = PartitionedRateLimiter.Create<IPAddress, IPAddress>(
        address => RateLimitPartition.GetFixedWindowLimiter(address, _ => new FixedWindowRateLimiterOptions
        {
            PermitLimit = limits.Value.FailedLoginsPerMinute,
            Window = TimeSpan.FromMinutes(1),
        }));

    /// <summary>Counts one more failure. Returns how long to wait before the next attempt if there were too many, otherwise null.</summary>
    public TimeSpan? Add(IPAddress? address)
    {
        using var lease = _failures.AttemptAcquire(address ?? IPAddress.None);
        if (lease.IsAcquired)
            return null;
        return lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) ? wait : TimeSpan.FromMinutes(1);
    }

    public void Dispose() => _failures.Dispose();
}
