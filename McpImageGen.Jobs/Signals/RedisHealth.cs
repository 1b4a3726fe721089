using Microsoft.Extensions.Diagnostics.HealthChecks;
using StackExchange.Redis;

namespace McpImageGen.Jobs.Signals;

/// <summary>
/// Healthy if Redis accepts a signal: it also responds to a user that may not publish. Without Redis everything works with delays, so the failure status is
/// Degraded.
/// </summary>
internal sealed class RedisHealth(IConnectionMultiplexer redis) : IHealthCheck
{
    /// <summary>A channel without subscribers.</summary>
    private static readonly RedisChannel Channel = RedisChannel.Literal("mcpimagegen:health");
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(1);

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken)
    {
        try
        {
            await redis.GetSubscriber().PublishAsync(Channel, "").WaitAsync(Limit, cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (RedisServerException exception) when (exception.Message.StartsWith("NOPERM", StringComparison.Ordinal))
        {
            return new HealthCheckResult(
                context.Registration.FailureStatus,
                $"The user of ConnectionStrings__redis may not publish; it needs the channels &*mcpimagegen:* ({exception.Message}).");
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException)
        {
            return new HealthCheckResult(context.Registration.FailureStatus, exception.Message);
        }
    }
}
