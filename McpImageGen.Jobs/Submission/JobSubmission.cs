using McpImageGen.Jobs.Database;
using McpImageGen.Jobs.Scheduling;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace McpImageGen.Jobs.Submission;

/// <summary>
/// Accepts jobs: first the rows, then the messages. Once the rows are written, the jobs are accepted, even if sending the messages fails.
/// Jobs beyond the limit of the owner's <see cref="OwnerQueue"/> are sent by requeue as the owner's other jobs finish.
/// </summary>
public sealed class JobSubmission
{
    /// <summary>The maximum number of jobs that are inserted in one transaction, unless one call has more.</summary>
    private const int MaxGroup = 200;

    private readonly WriteExecutor _writes;
    private readonly JobsDatabase _database;
    private readonly IDbContextFactory<JobsDbContext> _contexts;
    private readonly JobDispatcher _dispatcher;
    private readonly int _maxUnfinished;
    private readonly CallGroups<SubmitCall> _groups;

    public JobSubmission(
        WriteExecutor writes, JobsDatabase database, IDbContextFactory<JobsDbContext> contexts, JobDispatcher dispatcher, IOptions<JobsOptions> options)
    {
        (_writes, _database, _contexts, _dispatcher) = (writes, database, contexts, dispatcher);
        _maxUnfinished = options.Value.UnfinishedPerOwner;
        _groups = new CallGroups<SubmitCall>(InsertAsync, MaxGroup, call => call.Jobs.Count);
    }

    /// <summary>Accepts all of the jobs or none. All must belong to one owner.</summary>
    /// <param name="jobs">The jobs.</param>
    /// <param name="call">
    /// Repeated within 24 h, it returns the jobs of the first call, even for concurrent calls; null if it has no idempotency key.
    /// </param>
    /// <returns>The accepted jobs: these, or those of the first call, as <see cref="FindEarlierAsync"/> returns them.</returns>
    /// <exception cref="IdempotencyConflictException">The first call with this key had other arguments.</exception>
    /// <exception cref="TooManyJobsException">The owner would exceed the limit of unfinished jobs.</exception>
    /// <exception cref="DbUpdateException">The database is unavailable; nothing was accepted.</exception>
    public async Task<IReadOnlyList<GenerationJob>> SubmitAsync(IReadOnlyList<GenerationJob> jobs, RepeatableCall? call = null)
    {
        // No cancellation token: from here on, the call completes even if the caller disconnects.
        var submitted = new SubmitCall(jobs, call);
        _groups.Add(jobs[0].Owner, submitted);
        var accepted = await submitted.Completion;
        if (accepted == jobs && jobs.Where(job => job.SentAt is not null).Select(job => job.ToCommand()).ToList() is { Count: > 0 } commands)
            await _dispatcher.SendAsync(commands);
        return accepted;
    }

    /// <summary>
    /// The jobs of the first call with this key as they are now, in its order; null when there was none in the last 24 h. A job that was deleted
    /// since has the status <see cref="Contracts.JobStatus.Deleted"/>.
    /// </summary>
    /// <exception cref="IdempotencyConflictException">The first call had other arguments.</exception>
    public async Task<IReadOnlyList<GenerationJob>?> FindEarlierAsync(RepeatableCall call, CancellationToken cancellationToken)
    {
        await using var context = await _contexts.CreateDbContextAsync(cancellationToken);
        return await IdempotencyKeys.FindAsync(context, call, await context.NowAsync(cancellationToken));
    }

    /// <summary>Inserts the jobs of an owner's calls in one transaction. A call that is refused does not affect the others.</summary>
    private async Task InsertAsync(string owner, IReadOnlyList<SubmitCall> calls)
    {
        try
        {
            await _writes.ExecuteAsync(owner, context => InsertAsync(context, owner, calls), CancellationToken.None);
            foreach (var call in calls)
                call.Complete();
        }
        catch (Exception exception) when (calls.Count > 1 && !_database.IsUnavailable(exception))
        {
            // One of them is at fault.
            foreach (var call in calls)
                await InsertAsync(owner, [call]);
        }
        catch (Exception exception)
        {
            foreach (var call in calls)
                call.Fail(exception);
        }
    }

    private async Task<int> InsertAsync(JobsDbContext context, string owner, IReadOnlyList<SubmitCall> calls)
    {
        await using var transaction = await context.Database.BeginTransactionAsync();

        // Counted by one group at a time, so that concurrent calls cannot exceed the limit together.
        await _database.LockOwnerAsync(context, owner, CancellationToken.None);
        var queue = await OwnerQueue.ReadAsync(context, owner, CancellationToken.None);

        // Queued behind the jobs that are already waiting.
        var (unfinished, room) = (queue.Unfinished, Math.Max(0, queue.Room - queue.Waiting));
        foreach (var call in calls)
        {
            try
            {
                if (call.Repeatable is { } repeatable && await FindInGroupAsync(context, repeatable, queue.Now) is { } earlier)
                {
                    call.Accepted = earlier;
                    continue;
                }
            }
            catch (IdempotencyConflictException conflict)
            {
                call.Refusal = conflict;
                continue;
            }

            if (unfinished + call.Jobs.Count > _maxUnfinished)
            {
                call.Refusal = new TooManyJobsException(unfinished, _maxUnfinished);
                continue;
            }

            var sent = (int)Math.Min(room, call.Jobs.Count);
            foreach (var (index, job) in call.Jobs.Index())
            {
                (job.CreatedAt, job.UpdatedAt) = (queue.Now, queue.Now);
                job.SentAt = index < sent ? queue.Now : null;
                job.SendAfter = index < sent ? queue.Now + (long)JobRequeue.ResendAfter.TotalMilliseconds : queue.Now;
            }

            (unfinished, room) = (unfinished + call.Jobs.Count, room - sent);
            context.Jobs.AddRange(call.Jobs);
            if (call.Repeatable is not null)
                await IdempotencyKeys.RecordAsync(context, call.Jobs, call.Repeatable, queue.Now);
            call.Accepted = call.Jobs;
        }

        var written = await context.SaveChangesAsync();
        await transaction.CommitAsync();
        return written;
    }

    /// <summary>The jobs of an earlier call with this key, which may be in the same group.</summary>
    private static async Task<IReadOnlyList<GenerationJob>?> FindInGroupAsync(JobsDbContext context, RepeatableCall call, long now)
    {
        if (context.IdempotencyKeys.Local.Any(row => row.Owner == call.Owner && row.Key == call.Key))
            await context.SaveChangesAsync();
        return await IdempotencyKeys.FindAsync(context, call, now);
    }

    /// <summary>A call that submits jobs, and its outcome.</summary>
    private sealed class SubmitCall(IReadOnlyList<GenerationJob> jobs, RepeatableCall? repeatable)
    {
        private readonly TaskCompletionSource<IReadOnlyList<GenerationJob>> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public IReadOnlyList<GenerationJob> Jobs => jobs;

        public RepeatableCall? Repeatable => repeatable;

        /// <summary>The accepted jobs; null if the call was refused.</summary>
        public IReadOnlyList<GenerationJob>? Accepted { get; set; }

        /// <summary>Why the call was refused.</summary>
        public Exception? Refusal { get; set; }

        /// <summary>The accepted jobs, once they are committed.</summary>
        public Task<IReadOnlyList<GenerationJob>> Completion => _completion.Task;

        public void Complete()
        {
            if (Accepted is { } accepted)
                _completion.SetResult(accepted);
            else
                _completion.SetException(Refusal!);
        }

        public void Fail(Exception exception) => _completion.TrySetException(exception);
    }
}

/// <summary>The owner has too many unfinished jobs; no job of the call was accepted.</summary>
public sealed class TooManyJobsException(long unfinished, int limit)
    : Exception($"The owner has {unfinished} unfinished jobs; the limit is {limit}.")
{
    /// <summary>How many unfinished jobs the owner has.</summary>
    public long Unfinished => unfinished;

    /// <summary>The limit.</summary>
    public int Limit => limit;
}
