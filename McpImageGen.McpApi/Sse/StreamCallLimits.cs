using System.Threading.RateLimiting;
using McpImageGen.McpApi.Auth;
using McpImageGen.McpApi.Transport;
using Microsoft.Extensions.Options;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace McpImageGen.McpApi.Sse;

/// <summary>
/// Limits the concurrent calls that each owner has posted to its open streams in this process, each counted until it has ended.
/// The request that posts a call ends at once, so the limit of concurrent requests does not apply to it.
/// </summary>
internal sealed class StreamCallLimits(IOptions<LimitsOptions> limits) : IDisposable
{
    /// <summary>How long a call beyond the limit waits for another one to end, which may have been cancelled right before.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly PartitionedRateLimiter<string> _calls = PartitionedRateLimiter.Create<string, string>(
        owner => RateLimitPartition.GetConcurrencyLimiter(
            owner, _ => new ConcurrencyLimiterOptions { PermitLimit = limits.Value.CallsAtOnce, QueueLimit = limits.Value.CallsAtOnce }));

    /// <summary>Counts a call of a stream. Other calls pass.</summary>
    public static McpMessageHandler Around(McpMessageHandler next) =>
        async (message, cancellationToken) =>
        {
            using var lease = message.JsonRpcMessage is JsonRpcRequest && IsStream(message)
                ? await message.Services!.GetRequiredService<StreamCallLimits>().BeginAsync(message.Services!.GetRequiredService<Caller>().Owner, cancellationToken)
                : null;
            await next(message, cancellationToken);
        };

    public void Dispose() => _calls.Dispose();

    private static bool IsStream(MessageContext message) =>
        message.Services!.GetRequiredService<IHttpContextAccessor>().HttpContext is { } http && HttpMethods.IsGet(http.Request.Method);

    private async Task<RateLimitLease> BeginAsync(string owner, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            var lease = await _calls.AcquireAsync(owner, cancellationToken: patience.Token);
            if (lease.IsAcquired)
                return lease;
            lease.Dispose();
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // No other call has ended.
        }

        throw new McpProtocolException(
            $"Too many concurrent calls: the limit is {limits.Value.CallsAtOnce}. Try again when one of them has ended.",
            (McpErrorCode)JsonRpcErrors.TooMany);
    }
}
