using MassTransit;
using McpImageGen.Contracts;

namespace McpImageGen.Jobs.Bus;

/// <summary>Sends commands to the workers. A lost message is sent again: the job's row, not the message, is the durable record.</summary>
public sealed class GenerationBus(IBus bus, TimeProvider time)
{
    private static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(2);

    /// <summary>Sends all of them within 2 s.</summary>
    /// <exception cref="OperationCanceledException">The broker did not accept them in time; some may have been sent.</exception>
    public async Task SendAsync(IEnumerable<GenerateImage> commands)
    {
        using var limit = new CancellationTokenSource(TimeLimit, time);
        await Task.WhenAll(commands.Select(command => SendAsync(command, limit.Token)));
    }

    private async Task SendAsync(GenerateImage command, CancellationToken cancellationToken)
    {
        using var again = JobTraces.Continue("requeue job", command);
        await bus.Publish(command, cancellationToken);
    }
}
