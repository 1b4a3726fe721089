namespace McpImageGen.Tests.Testing;

/// <summary>
/// Runs the tasks of a test one after the other and picks the next one at random, so that the same seed gives the same order of all that runs between two
/// awaits. Use it with CsCheck, which prints the seed of a failure.
/// </summary>
public sealed class SeededScheduler : TaskScheduler
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly object _changed = new();
    private readonly List<Task> _ready = [];
    private readonly Random _random;

    private SeededScheduler(Random random) => _random = random;

    /// <summary>Runs a test until it and everything that it awaits has ended.</summary>
    public static Task RunAsync(int seed, Func<Random, Task> test) => Task.Run(async () =>
    {
        var random = new Random(seed);
        var scheduler = new SeededScheduler(random);
        var running = Task.Factory.StartNew(() => test(random), CancellationToken.None, TaskCreationOptions.None, scheduler).Unwrap();
        scheduler.RunUntil(running);
        await running;
    });

    /// <summary>Lets other tasks run, a random number of times.</summary>
    public static async Task PauseAsync(Random random)
    {
        for (var times = random.Next(6); times > 0; times--)
            await Task.Yield();
    }

    protected override void QueueTask(Task task)
    {
        lock (_changed)
        {
            _ready.Add(task);
            Monitor.PulseAll(_changed);
        }
    }

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => false;

    protected override IEnumerable<Task> GetScheduledTasks() => [];

    private void RunUntil(Task end)
    {
        end.ContinueWith(_ => Wake(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, Default);
        while (Next(end) is { } task)
            TryExecuteTask(task);
    }

    private void Wake()
    {
        lock (_changed)
            Monitor.PulseAll(_changed);
    }

    private Task? Next(Task end)
    {
        lock (_changed)
        {
            while (_ready.Count == 0)
            {
                if (end.IsCompleted)
                    return null;
                if (!Monitor.Wait(_changed, Limit))
                    throw new TimeoutException("No task of the test can continue.");
            }

            var at = _random.Next(_ready.Count);
            var next = _ready[at];
            _ready.RemoveAt(at);
            return next;
        }
    }
}
