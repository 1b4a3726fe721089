using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace McpImageGen.Jobs.Bus;

/// <summary>
/// Healthy if the broker responds; MassTransit reports that only for a bus that consumes. Degraded while a dead-letter queue holds
/// messages: the service works, but an operator should look at them. The data contains the number of messages in each queue.
/// </summary>
internal sealed class BrokerHealth(DeadLetterQueues queues) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken)
    {
        if (await queues.CountAsync(cancellationToken) is not { } counts)
            return new HealthCheckResult(context.Registration.FailureStatus, "The message broker is not available.");
        var data = counts.ToDictionary(queue => queue.Key, object (queue) => queue.Value);
        return counts.Values.Sum() == 0
            ? HealthCheckResult.Healthy(data: data)
            : HealthCheckResult.Degraded("There are messages in the dead-letter queues.", data: data);
    }
}
