using Microsoft.Extensions.Options;

namespace McpImageGen.GenerationWorker.Generation;

/// <summary>This worker process: its id, and how far it is with stopping.</summary>
public sealed class ThisWorker : IDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource _known = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenRegistration _whenDraining;
    private readonly IHostApplicationLifetime _lifetime;

    public ThisWorker(IHostApplicationLifetime lifetime, IOptions<WorkerOptions> options)
    {
        _lifetime = lifetime;
        Concurrency = options.Value.Concurrency;
        _whenDraining = lifetime.ApplicationStopping.Register(() => _stopping.CancelAfter(options.Value.DrainFor));
    }

    /// <summary>Made anew by each process.</summary>
    public Guid Id { get; } = Guid.CreateVersion7();

    /// <summary>How many generations it does at once.</summary>
    public int Concurrency { get; }

    /// <summary>How many workers were alive when somebody last looked, this one included.</summary>
    public int WorkersAlive { get; private set; } = 1;

    /// <summary>Completed once the database knows this worker: a job that it claimed before would look as if its worker was dead.</summary>
    public Task Known => _known.Task;

    /// <summary>True from the moment the process was asked to stop: no further job is claimed.</summary>
    public bool IsDraining => _lifetime.ApplicationStopping.IsCancellationRequested;

    /// <summary>Cancelled when the time for finishing what is under way has passed.</summary>
    public CancellationToken Stopping => _stopping.Token;

    /// <summary>The database knows this worker now, as one of so many.</summary>
    public void BecomeKnown(int workersAlive)
    {
        WorkersAlive = workersAlive;
        _known.TrySetResult();
    }

    public void Dispose()
    {
        _whenDraining.Dispose();
        _stopping.Dispose();
    }
}
