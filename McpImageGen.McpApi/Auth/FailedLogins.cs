using System.Net;
using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;

namespace McpImageGen.McpApi.Auth;

/// <summary>Counts the calls with unknown tokens of each address. It is asked only about those, so a known token is never refused.</summary>
internal sealed class FailedLogins(IOptions<LimitsOptions> limits) : IDisposable
{
    private readonly PartitionedRateLimiter<IPAddress> _failures = PartitionedRateLimiter.Create<IPAddress, IPAddress>(
        address => RateLimitPartition.GetFixedWindowLimiter(address, _ => new FixedWindowRateLimiterOptions
        {
            PermitLimit = limits.Value.FailedLoginsPerMinute,
            Window = TimeSpan.FromMinutes(1),
        }));

    /// <summary>Counts one more. How long to wait before the next try, when there were too many; else null.</summary>
    public TimeSpan? Add(IPAddress? address)
    {
        using var lease = _failures.AttemptAcquire(address ?? IPAddress.None);
        if (lease.IsAcquired)
            return null;
        return lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) ? wait : TimeSpan.FromMinutes(1);
    }

    public void Dispose() => _failures.Dispose();
}
