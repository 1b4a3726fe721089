using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace McpImageGen.Jobs.Bus;

/// <summary>
/// Healthy when the broker answers: MassTransit tells that only of a bus that consumes. Degraded while a queue that nobody reads holds
/// a message: the service works, and somebody should look. It tells how many there are.
/// </summary>
internal sealed class BrokerHealth(UnreadQueues queues) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken)
    {
        if (await queues.CountAsync(cancellationToken) is not { } counts)
            return new HealthCheckResult(context.Registration.FailureStatus, "The broker does not answer.");
        var data = counts.ToDictionary(queue => queue.Key, object (queue) => queue.Value);
        return counts.Values.Sum() == 0
            ? HealthCheckResult.Healthy(data: data)
            : HealthCheckResult.Degraded("There are messages that nobody reads.", data: data);
    }
}
