using Microsoft.Extensions.Options;

namespace McpImageGen.GenerationWorker;

/// <summary>This worker process: its id and its shutdown state.</summary>
public sealed class WorkerContext : IDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource _registered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenRegistration _whenDraining;
    private readonly IHostApplicationLifetime _lifetime;

    public WorkerContext(IHostApplicationLifetime lifetime, IOptions<WorkerOptions> options)
    {
        _lifetime = lifetime;
        Concurrency = options.Value.Concurrency;
        _whenDraining = lifetime.ApplicationStopping.Register(() => _stopping.CancelAfter(options.Value.DrainFor));
    }

    /// <summary>Unique to this process.</summary>
    public Guid Id { get; } = Guid.CreateVersion7();

    /// <summary>How many generations it runs concurrently.</summary>
    public int Concurrency { get; }

    /// <summary>How many workers were alive at the last heartbeat, including this one.</summary>
    public int LiveWorkers { get; private set; } = 1;

    /// <summary>Completed once the first heartbeat is recorded: a job claimed earlier would look as if its worker were dead.</summary>
    public Task Registered => _registered.Task;

    /// <summary>True once the process has been asked to stop: no further job is claimed.</summary>
    public bool IsDraining => _lifetime.ApplicationStopping.IsCancellationRequested;

    /// <summary>Cancelled when the drain time (<see cref="WorkerOptions.DrainFor"/>) has passed.</summary>
    public CancellationToken Stopping => _stopping.Token;

    /// <summary>Records that a heartbeat was written, and how many workers are alive.</summary>
    public void MarkRegistered(int liveWorkers)
    {
        LiveWorkers = liveWorkers;
        _registered.TrySetResult();
    }

    public void Dispose()
    {
        _whenDraining.Dispose();
        _stopping.Dispose();
    }
}
