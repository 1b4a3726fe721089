using Npgsql;

namespace McpImageGen.Jobs.Database.Postgres;

/// <summary>
/// Limits how many callers use the database concurrently. Further callers wait in order for as long as the queue advances: a queue that stands still
/// means that the database is unavailable.
/// </summary>
#pragma warning disable CA1001 // Without a wait handle the semaphore has nothing to dispose, and turns may end after the services are disposed.
internal sealed class ConnectionLimiter(int atOnce, TimeProvider time)
#pragma warning restore CA1001
{
    /// <summary>Shorter than the timeout of a connection attempt: a turn that ends with a timeout does not count as progress.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly SemaphoreSlim _free = new(atOnce, atOnce);
    private long _moved = time.GetTimestamp();

    private long Now => time.GetTimestamp();

    /// <summary>Waits for a turn, which lasts until the result is disposed.</summary>
    /// <exception cref="NpgsqlException">The queue did not advance for 10 s.</exception>
    public async ValueTask<IDisposable> EnterAsync(CancellationToken cancellationToken)
    {
        var came = time.GetTimestamp();
        while (!await _free.WaitAsync(Patience, cancellationToken))
        {
            if (time.GetElapsedTime(Math.Max(came, Interlocked.Read(ref _moved))) >= Patience)
                throw new NpgsqlException($"All connections to the database are in use, and none was free for {Patience.TotalSeconds} s.", new TimeoutException());
        }

        return new Turn(this);
    }

    private void Leave(long entered)
    {
        if (time.GetElapsedTime(entered) < Patience)
            Interlocked.Exchange(ref _moved, time.GetTimestamp());
        _free.Release();
    }

    private sealed class Turn(ConnectionLimiter queue) : IDisposable
    {
        private readonly long _entered = queue.Now;
        private int _isOver;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _isOver, 1) == 0)
                queue.Leave(_entered);
        }
    }
}
