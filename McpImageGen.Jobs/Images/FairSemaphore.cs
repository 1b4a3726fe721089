namespace McpImageGen.Jobs.Images;

/// <summary>
/// Lets a limited number of callers work at the same time. The others wait in one queue per line, and the lines take turns, so a long queue of
/// one caller does not delay the others.
/// </summary>
/// <param name="mostAtOnce">The maximum number of callers that work at the same time.</param>
/// <param name="mostWaitingInLine">The maximum number of waiting callers in one line.</param>
/// <param name="mostWaiting">The maximum number of waiting callers in all lines.</param>
public sealed class FairSemaphore(int mostAtOnce, int mostWaitingInLine, int mostWaiting)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, LinkedList<Waiter>> _lines = new(StringComparer.Ordinal);
    private readonly Queue<string> _order = new();
    private int _working;
    private int _waiting;

    /// <summary>Waits for a turn. Dispose of the result to end the turn.</summary>
    /// <exception cref="ScalingQueueFullException">Too many callers are waiting already.</exception>
    public async Task<IDisposable> NextAsync(string line, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var turn = new Turn(this);
        if (Join(line) is not { } waiter)
            return turn;
        await using var left = cancellationToken.Register(() => Leave(line, waiter));
        await waiter.Turn.Task;
        return turn;
    }

    /// <summary>Starts the turn at once, or returns the new place in the queue.</summary>
    private Waiter? Join(string line)
    {
        lock (_lock)
        {
            if (_working < mostAtOnce)
            {
                _working++;
                return null;
            }

            if (!_lines.TryGetValue(line, out var waiters))
            {
                _lines[line] = waiters = [];
                _order.Enqueue(line);
            }

            if (waiters.Count >= mostWaitingInLine || _waiting >= mostWaiting)
                throw new ScalingQueueFullException();
            _waiting++;
            var waiter = new Waiter();
            waiter.Place = waiters.AddLast(waiter);
            return waiter;
        }
    }

    private void Leave(string line, Waiter waiter)
    {
        lock (_lock)
        {
            if (waiter.Place?.List is not { } waiters)
                return; // its turn has come
            waiters.Remove(waiter.Place);
            _waiting--;
        }

        waiter.Turn.TrySetCanceled();
    }

    private void End()
    {
        Waiter? next;
        lock (_lock)
        {
            next = TakeNext();
            if (next is null)
                _working--;
        }

        next?.Turn.TrySetResult();
    }

    private Waiter? TakeNext()
    {
        while (_order.TryDequeue(out var line))
        {
            var waiters = _lines[line];
            if (waiters.First is not { } first)
            {
                _lines.Remove(line);
                continue;
            }

            waiters.RemoveFirst();
            _waiting--;
            _order.Enqueue(line);
            return first.Value;
        }

        return null;
    }

    private sealed class Waiter
    {
        public TaskCompletionSource Turn { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public LinkedListNode<Waiter>? Place { get; set; }
    }

    private sealed class Turn(FairSemaphore turns) : IDisposable
    {
        private FairSemaphore? _turns = turns;

        public void Dispose() => Interlocked.Exchange(ref _turns, null)?.End();
    }
}
