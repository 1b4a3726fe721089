using System.Threading.Channels;
using McpImageGen.Contracts;
using McpImageGen.Jobs;

namespace McpImageGen.McpApi.Waiting;

/// <summary>The jobs that calls to this process wait for, each with its waiting calls and its last known state.</summary>
internal sealed class WaitRegistry
{
    private readonly Dictionary<Guid, Entry> _entries = [];
    private readonly Lock _lock = new();
    private int _calls;

    /// <summary>The number of waiting calls.</summary>
    public int Calls => Volatile.Read(ref _calls);

    /// <summary>Registers a waiting call for each of the jobs, until the result is disposed.</summary>
    public Registration Register(IReadOnlyList<Guid> ids)
    {
        lock (_lock)
        {
            _calls++;
            foreach (var id in ids)
            {
                if (!_entries.ContainsKey(id))
                    _entries.Add(id, new Entry());
            }

            var registration = new Registration(this, ids, Task.WhenAll(ids.Select(id => _entries[id].Finished.Task)));
            foreach (var id in ids)
                _entries[id].Waiters.Add(registration);
            return registration;
        }
    }

    /// <summary>Passes the current state of a job to all calls that wait for it.</summary>
    public void Update(GenerationJob job)
    {
        lock (_lock)
        {
            if (!_entries.TryGetValue(job.Id, out var entry) || !entry.IsNews(job))
                return;
            entry.Latest = job;
            if (JobStatus.IsFinal(job.Status))
                entry.Finished.TrySetResult(job);
            foreach (var waiter in entry.Waiters)
                waiter.Wake();
        }
    }

    /// <summary>The given jobs that at least one call waits for.</summary>
    public List<Guid> Among(IEnumerable<Guid> ids)
    {
        lock (_lock)
            return [.. ids.Where(_entries.ContainsKey)];
    }

    /// <summary>All unfinished jobs that at least one call waits for.</summary>
    public List<Guid> All()
    {
        lock (_lock)
            return [.. _entries.Where(entry => !entry.Value.Finished.Task.IsCompleted).Select(entry => entry.Key)];
    }

    private List<GenerationJob> Latest(IReadOnlyList<Guid> ids)
    {
        lock (_lock)
            return [.. ids.Select(id => _entries[id].Latest).OfType<GenerationJob>()];
    }

    private void Unregister(Registration registration)
    {
        lock (_lock)
        {
            _calls--;
            foreach (var id in registration.Ids)
            {
                var waiters = _entries[id].Waiters;
                waiters.Remove(registration);
                if (waiters.Count == 0)
                    _entries.Remove(id);
            }
        }
    }

    /// <summary>One waiting call.</summary>
    /// <param name="jobs">The collection in which it is registered.</param>
    /// <param name="ids">The jobs that it waits for.</param>
    /// <param name="allFinished">Completes with the jobs, in the order registered, when the last of them is finished.</param>
    public sealed class Registration(WaitRegistry jobs, IReadOnlyList<Guid> ids, Task<GenerationJob[]> allFinished) : IDisposable
    {
        private readonly Channel<bool> _changes = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

        public IReadOnlyList<Guid> Ids => ids;

        public Task<GenerationJob[]> AllFinished => allFinished;

        /// <summary>Has an item if at least one of the jobs has changed since the last item was read.</summary>
        public ChannelReader<bool> Changes => _changes.Reader;

        /// <summary>The last known state of the jobs, in the order registered.</summary>
        public IReadOnlyList<GenerationJob> Latest => jobs.Latest(ids);

        /// <summary>Makes the call check its jobs.</summary>
        public void Wake() => _changes.Writer.TryWrite(true);

        public void Dispose() => jobs.Unregister(this);
    }

    private sealed class Entry
    {
        public List<Registration> Waiters { get; } = [];

        public GenerationJob? Latest { get; set; }

        public TaskCompletionSource<GenerationJob> Finished { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>False if the job is older than the known state or equal to it: concurrent reads can arrive out of order.</summary>
        public bool IsNews(GenerationJob job) =>
            !Finished.Task.IsCompleted
            && (Latest is null || JobStatus.IsFinal(job.Status)
                || (job.UpdatedAt >= Latest.UpdatedAt && (job.Status, job.ErrorCode) != (Latest.Status, Latest.ErrorCode)));
    }
}
