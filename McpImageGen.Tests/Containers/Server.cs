using System.Runtime.ExceptionServices;
using Docker.DotNet.Models;
using DotNet.Testcontainers.Configurations;
using DotNet.Testcontainers.Containers;
using McpImageGen.Tests.Testing;

namespace McpImageGen.Tests.Containers;

/// <summary>A server in a container, at an address that stays the same however often it is killed, stopped, replaced and started.</summary>
public abstract class Server(string name) : IAsyncDisposable
{
    private static readonly TimeSpan MaxStartTime = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan BetweenTries = TimeSpan.FromMilliseconds(100);

    private readonly SemaphoreSlim _oneAtATime = new(1);
    private IContainer? _container;
    private ExceptionDispatchInfo? _failure;
    private bool _running;

    protected static string Host => "127.0.0.1";

    protected int Port { get; } = FreePort.Next();

    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Starts it, for the first time or again, and returns when it can be used. Does nothing when it runs.</summary>
    public Task StartAsync()
    {
        ContainerSettings.RequireDocker();
        return AloneAsync(StartInnerAsync);
    }

    /// <summary>Stops it in order, as an operator does. It keeps what it holds.</summary>
    public Task StopAsync() => AloneAsync(async () =>
    {
        _running = false;
        if (_container is not null)
            await _container.StopAsync(Cancel);
    });

    /// <summary>Ends it as a crash does: SIGKILL. It keeps what it had written.</summary>
    public Task KillAsync() => AloneAsync(KillInnerAsync);

    /// <summary>Puts an empty server in its place, at the same address.</summary>
    public Task ReplaceAsync() => AloneAsync(async () =>
    {
        await KillInnerAsync();
        await RemoveAsync();
        await StartInnerAsync();
    });

    /// <summary>Lets it answer nothing, with all connections open, until <see cref="UnfreezeAsync"/>.</summary>
    public Task FreezeAsync() => AloneAsync(() => Container.PauseAsync(Cancel));

    public Task UnfreezeAsync() => AloneAsync(() => Container.UnpauseAsync(Cancel));

    public async ValueTask DisposeAsync()
    {
        await RemoveAsync();
        _oneAtATime.Dispose();
        GC.SuppressFinalize(this);
    }

    protected IContainer Container => _container ?? throw new InvalidOperationException($"{name} was never started.");

    protected abstract IContainer Create();

    /// <summary>Does something that only a server in working order can do, or throws.</summary>
    protected abstract Task TryAsync(CancellationToken cancellationToken);

    /// <summary>Waits for what a server does within a second by itself, so that a crash finds it as one that has run for a while.</summary>
    protected virtual Task SettleAsync() => Task.CompletedTask;

    /// <summary>Runs a command in its container, which must succeed.</summary>
    protected async Task ExecuteAsync(params string[] command)
    {
        var result = await Container.ExecAsync(command, Cancel);
        Assert.True(result.ExitCode == 0, result.Stderr);
    }

    protected static string NewName() => $"test_{Guid.NewGuid():N}";

    private async Task StartInnerAsync()
    {
        if (_running)
            return;
        _failure?.Throw();
        try
        {
            _container ??= Create();
            await _container.StartAsync(Cancel);
            await UntilItWorksAsync();
            _running = true;
        }
        catch (Exception exception) when (!Cancel.IsCancellationRequested)
        {
            // An image that cannot be pulled is not tried again for every test.
            _failure = ExceptionDispatchInfo.Capture(exception);
            throw;
        }
    }

    private async Task KillInnerAsync()
    {
        if (_running)
            await SettleAsync();
        _running = false;
        if (_container is null)
            return;
        using (var docker = TestcontainersSettings.OS.DockerEndpointAuthConfig.GetDockerClientBuilder(Guid.Empty).Build())
            await docker.Containers.KillContainerAsync(_container.Id, new ContainerKillParameters { Signal = "SIGKILL" }, Cancel);
        await _container.StopAsync(Cancel);
    }

    // The modules' own waits read logs, and find there what the server said before it was killed.
    private async Task UntilItWorksAsync()
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        limit.CancelAfter(MaxStartTime);
        Exception? last = null;
        while (!limit.IsCancellationRequested)
        {
            try
            {
                await TryAsync(limit.Token);
                return;
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                last = exception;
            }
            await Task.WhenAny(Task.Delay(BetweenTries, limit.Token));
        }
        Cancel.ThrowIfCancellationRequested();
        var (output, errors) = await Container.GetLogsAsync(since: DateTime.UtcNow - MaxStartTime, ct: Cancel);
        throw new TimeoutException($"{name} does not work {MaxStartTime} after its start ({Container.State}): {output} {errors}", last);
    }

    private async Task AloneAsync(Func<Task> action)
    {
        await _oneAtATime.WaitAsync(Cancel);
        try
        {
            await action();
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    private async Task RemoveAsync()
    {
        if (_container is not null)
            await _container.DisposeAsync();
        _container = null;
    }
}
