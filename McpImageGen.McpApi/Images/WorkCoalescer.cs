namespace McpImageGen.McpApi.Images;

/// <summary>Lets concurrent callers share one piece of work. It is cancelled as soon as none of them waits for it any more.</summary>
internal sealed class WorkCoalescer<TKey, TResult>
    where TKey : notnull
{
    private readonly Lock _lock = new();
    private readonly Dictionary<TKey, Work> _underWay = [];

    /// <summary>Waits for the work under this key; the first caller starts it.</summary>
    public async Task<TResult> WaitAsync(TKey key, Func<CancellationToken, Task<TResult>> start, CancellationToken cancellationToken)
    {
        var work = Join(key, start);
        try
        {
            return await work.Task.Value.WaitAsync(cancellationToken);
        }
        finally
        {
            Leave(key, work);
        }
    }

    private Work Join(TKey key, Func<CancellationToken, Task<TResult>> start)
    {
        lock (_lock)
        {
            if (!_underWay.TryGetValue(key, out var work))
                _underWay[key] = work = new Work(start);
            work.Callers++;
            return work;
        }
    }

    private void Leave(TKey key, Work work)
    {
        lock (_lock)
        {
            if (--work.Callers > 0)
                return;
            _underWay.Remove(key);
        }

        work.Cancellation.Cancel();
    }

    private sealed class Work
    {
        public Work(Func<CancellationToken, Task<TResult>> start) => Task = new(() => start(Cancellation.Token));

        public CancellationTokenSource Cancellation { get; } = new();

        public Lazy<Task<TResult>> Task { get; }

        public int Callers { get; set; }
    }
}
