using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using RabbitMQ.Client;

namespace McpImageGen.Jobs.Bus;

/// <summary>
/// A connection to the broker beside MassTransit's, which lends none. It is made when it is first asked for, and comes back by itself
/// within a second of the broker.
/// </summary>
internal sealed partial class BrokerConnection(
    IServiceProvider services, IHostApplicationLifetime lifetime, TimeProvider time, ILogger<BrokerConnection> logger)
{
    /// <summary>How long an answer is waited for.</summary>
    public static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(3);

    /// <summary>How long one attempt to connect may take.</summary>
    public static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(10);

    /// <summary>Between two attempts to connect.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly Lock _oneAtATime = new();
    private Task<IConnection>? _connecting;

    /// <summary>Opens a channel, which takes a broker that answers.</summary>
    public async Task<IChannel> OpenChannelAsync(CancellationToken cancellationToken)
    {
        var connection = await ConnectAsync().WaitAsync(cancellationToken);
        return connection.IsOpen
            ? await connection.CreateChannelAsync(cancellationToken: cancellationToken)
            : throw new IOException("The connection is lost.");
    }

    /// <summary>Waits until the broker answers, for as long as the service runs.</summary>
    public async Task AnsweringAsync()
    {
        var stopping = lifetime.ApplicationStopping;
        for (var failed = false; await FailureAsync(stopping) is { } failure; failed = true)
        {
            if (!failed)
                Log.Waiting(logger, failure);
            await Task.Delay(Pause, time, stopping);
        }
    }

    /// <summary>The attempt to connect that is under way or has succeeded. One that failed is made anew for the next who asks.</summary>
    private Task<IConnection> ConnectAsync()
    {
        lock (_oneAtATime)
        {
            // It blocks its thread until then: one for all who ask, and none of the pool's, which has as few as there are processors.
            if (_connecting is null or { IsFaulted: true })
                _connecting = Task.Factory.StartNew(
                    services.GetRequiredService<IConnection>, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
            return _connecting;
        }
    }

    /// <summary>Why the broker does not answer; null when it does.</summary>
    private async Task<string?> FailureAsync(CancellationToken stopping)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        limit.CancelAfter(TimeLimit);
        try
        {
            await using var channel = await OpenChannelAsync(limit.Token);
            return null;
        }
        catch (Exception exception) when (!stopping.IsCancellationRequested)
        {
            return exception.GetBaseException().Message;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "Waiting for the broker (ConnectionStrings__messaging): {Reason}")]
        public static partial void Waiting(ILogger logger, string reason);
    }
}
