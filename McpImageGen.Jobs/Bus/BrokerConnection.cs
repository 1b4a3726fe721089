using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using RabbitMQ.Client;

namespace McpImageGen.Jobs.Bus;

/// <summary>
/// A separate connection to the broker, because MassTransit does not share its own. It is opened on first use and reopened after it was lost.
/// </summary>
internal sealed partial class BrokerConnection(
    IConnectionFactory broker, IHostApplicationLifetime lifetime, TimeProvider time, ILogger<BrokerConnection> logger) : IAsyncDisposable
{
    /// <summary>The time limit for connecting: longer than for a request, since the broker may be starting.</summary>
    private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _oneAtATime = new(1, 1);
    private IConnection? _connection;

    /// <summary>Opens a channel; connects first if necessary.</summary>
    public async Task<IChannel> OpenChannelAsync(CancellationToken cancellationToken)
    {
        var connection = await ConnectAsync(cancellationToken);
        return await connection.CreateChannelAsync(cancellationToken: cancellationToken);
    }

    /// <summary>Waits until the broker responds, or the service stops.</summary>
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

    public async ValueTask DisposeAsync()
    {
        if (_connection is not null)
            await _connection.DisposeAsync();
        _oneAtATime.Dispose();
    }

    private async Task<IConnection> ConnectAsync(CancellationToken cancellationToken)
    {
        await _oneAtATime.WaitAsync(cancellationToken);
        try
        {
            if (_connection is { IsOpen: true })
                return _connection;
            if (_connection is not null)
                await _connection.DisposeAsync();
            return _connection = await broker.CreateConnectionAsync(cancellationToken);
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    /// <summary>The reason why the broker is not available; null if it is.</summary>
    private async Task<string?> FailureAsync(CancellationToken stopping)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        limit.CancelAfter(ConnectLimit);
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
        [LoggerMessage(LogLevel.Warning, "Cannot connect to the message broker (ConnectionStrings__messaging); retrying: {Reason}")]
        public static partial void Waiting(ILogger logger, string reason);
    }
}
