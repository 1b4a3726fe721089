using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;

namespace McpImageGen.McpApi.Auth;

/// <summary>The limit of open event streams for each owner.</summary>
internal sealed class StreamLimits(IOptions<LimitsOptions> limits) : IDisposable
{
    private readonly PartitionedRateLimiter<string> _open = PartitionedRateLimiter.Create<string, string>(owner =>
        RateLimitPartition.GetConcurrencyLimiter(owner, _ => new ConcurrencyLimiterOptions { PermitLimit = limits.Value.StreamsAtOnce }));

    /// <summary>Why another stream is refused.</summary>
    public string Error => $"Too many open streams: the limit is {limits.Value.StreamsAtOnce}.";

    /// <summary>The right to one more stream until it is disposed of; null if the owner has too many.</summary>
    public IDisposable? TryOpen(string owner)
    {
        var lease = _open.AttemptAcquire(owner);
        if (lease.IsAcquired)
            return lease;
        lease.Dispose();
        return null;
    }

    public void Dispose() => _open.Dispose();
}
