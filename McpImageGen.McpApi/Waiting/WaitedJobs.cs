using McpImageGen.Jobs;

namespace McpImageGen.McpApi.Waiting;

/// <summary>The jobs that calls to this process wait for, each with how many calls wait for it.</summary>
internal sealed class WaitedJobs
{
    private readonly Dictionary<Guid, Entry> _entries = [];
    private readonly Lock _lock = new();
    private int _calls;

    /// <summary>How many calls wait now.</summary>
    public int Calls => Volatile.Read(ref _calls);

    /// <summary>Counts one more waiter for each of the jobs, until the result is disposed.</summary>
    public Registration Register(IReadOnlyList<Guid> ids)
    {
        lock (_lock)
        {
            _calls++;
            var finished = new List<Task<GenerationJob>>(ids.Count);
            foreach (var id in ids)
            {
                if (!_entries.TryGetValue(id, out var entry))
                    _entries.Add(id, entry = new Entry());
                entry.Waiters++;
                finished.Add(entry.Finished.Task);
            }

            return new Registration(this, ids, Task.WhenAll(finished));
        }
    }

    /// <summary>Hands a finished job to all who wait for it.</summary>
    public void Finish(GenerationJob job)
    {
        lock (_lock)
        {
            if (_entries.TryGetValue(job.Id, out var entry))
                entry.Finished.TrySetResult(job);
        }
    }

    /// <summary>Those of the jobs that somebody waits for.</summary>
    public List<Guid> Among(IEnumerable<Guid> ids)
    {
        lock (_lock)
            return [.. ids.Where(_entries.ContainsKey)];
    }

    /// <summary>All jobs that somebody waits for and that are not finished.</summary>
    public List<Guid> All()
    {
        lock (_lock)
            return [.. _entries.Where(entry => !entry.Value.Finished.Task.IsCompleted).Select(entry => entry.Key)];
    }

    private void Unregister(IReadOnlyList<Guid> ids)
    {
        lock (_lock)
        {
            _calls--;
            foreach (var id in ids)
            {
                if (--_entries[id].Waiters == 0)
                    _entries.Remove(id);
            }
        }
    }

    /// <param name="AllFinished">Completes with the jobs, in the order registered, when the last of them is finished.</param>
    public sealed record Registration(WaitedJobs Jobs, IReadOnlyList<Guid> Ids, Task<GenerationJob[]> AllFinished) : IDisposable
    {
        public void Dispose() => Jobs.Unregister(Ids);
    }

    private sealed class Entry
    {
        public int Waiters { get; set; }

        public TaskCompletionSource<GenerationJob> Finished { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
