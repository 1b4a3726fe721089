namespace McpImageGen.Jobs.Submission;

/// <summary>
/// Runs the concurrent calls of one owner together: the calls that arrive while a group is being processed form the next group. So the owner's lock is
/// taken once per group, and no call waits for more than two groups.
/// </summary>
/// <param name="process">Processes a group of calls, and completes each of them.</param>
/// <param name="maxSize">The maximum size of a group; a larger call is a group of its own.</param>
/// <param name="sizeOf">The size of a call.</param>
internal sealed class CallGroups<TCall>(Func<string, IReadOnlyList<TCall>, Task> process, int maxSize, Func<TCall, int> sizeOf)
{
    private readonly Dictionary<string, Queue<TCall>> _waiting = [];

    /// <summary>Adds a call; it is processed immediately if no group of its owner is being processed.</summary>
    public void Add(string owner, TCall call)
    {
        lock (_waiting)
        {
            if (_waiting.TryGetValue(owner, out var calls))
            {
                calls.Enqueue(call);
                return;
            }

            _waiting[owner] = new Queue<TCall>();
        }

        _ = ProcessAllAsync(owner, [call]);
    }

    private async Task ProcessAllAsync(string owner, IReadOnlyList<TCall>? group)
    {
        for (; group is not null; group = Next(owner))
            await process(owner, group);
    }

    private List<TCall>? Next(string owner)
    {
        lock (_waiting)
        {
            var calls = _waiting[owner];
            if (calls.Count == 0)
            {
                _waiting.Remove(owner);
                return null;
            }

            var group = new List<TCall> { calls.Dequeue() };
            var size = sizeOf(group[0]);
            while (calls.TryPeek(out var call) && (size += sizeOf(call)) <= maxSize)
                group.Add(calls.Dequeue());
            return group;
        }
    }
}
