using CsCheck;
using MassTransit;
using McpImageGen.Contracts;
using McpImageGen.Jobs;
using McpImageGen.Jobs.Claiming;
using McpImageGen.Jobs.Cleanup;
using McpImageGen.Jobs.Database;
using McpImageGen.Jobs.Images;
using McpImageGen.Jobs.Scheduling;
using McpImageGen.Standalone.Embedded;
using McpImageGen.Tests.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;

namespace McpImageGen.Tests.Lifecycle;

/// <summary>
/// Random sequences of operations on a few jobs, compared after each step with docs/job-lifecycle.md. A failure prints the seed; set it as
/// <c>CsCheck_Seed</c> to repeat the sequence.
/// </summary>
public abstract class JobLifecycleTests : IAsyncLifetime
{
    private const int Jobs = 3;
    private const int Workers = 3;

    private static readonly int[] Times = [1, 9, 31, 200, 7200, -200, -7200];

    private static readonly Gen<Step> Steps = Gen.Select(
        Gen.Enum<Operation>(), Gen.Int[0, Jobs - 1], Gen.Int[0, Workers - 1], Gen.Int[0, 7], Gen.Int[0, Times.Length - 1].Select(number => Times[number]),
        (operation, job, worker, claim, seconds) => new Step(operation, job, worker, claim, seconds));

    private readonly LifecycleTable _table = LifecycleTable.Read();
    private JobsOnDatabase _jobs = null!;
    private readonly TemporaryFolder _folder = new();
    private JobCancellation _cancellation = null!;
    private JobRemoval _removal = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    protected abstract int Sequences { get; }

    public async ValueTask InitializeAsync()
    {
        _jobs = await CreateAsync();
        await _jobs.Get<IBusControl>().StartAsync(Cancel);
        _cancellation = new JobCancellation(
            _jobs.Get<WriteExecutor>(), new InProcessJobSignals(), _jobs.Get<JobMetrics>(), NullLogger<JobCancellation>.Instance);
        _removal = new JobRemoval(_jobs.Get<WriteExecutor>(), new ImageFiles(_folder.Path));
    }

    public async ValueTask DisposeAsync()
    {
        await _jobs.Get<IBusControl>().StopAsync(CancellationToken.None);
        await _jobs.DisposeAsync();
        _folder.Dispose();
        GC.SuppressFinalize(this);
    }

    protected abstract Task<JobsOnDatabase> CreateAsync();

    [Fact]
    public Task Every_random_operation_sequence_follows_the_documented_transitions_and_finishes_every_job() =>
        Steps.Array[1, 40].SampleAsync(RunAsync, iter: Sequences, threads: 1);

    private async Task RunAsync(Step[] steps)
    {
        await using (var context = await _jobs.ContextAsync())
        {
            await context.Jobs.ExecuteDeleteAsync(Cancel);
            await context.Workers.ExecuteDeleteAsync(Cancel);
        }

        var run = new Run([.. await Task.WhenAll(Enumerable.Range(0, Workers).Select(_ => _jobs.NewWorkerAsync()))]);
        foreach (var step in steps)
        {
            var before = await ReadAsync(run);
            var taken = await TakeAsync(step, run);
            await CheckAsync(step, taken, before, run);
        }

        await FinishAsync(run);
    }

    /// <summary>Runs the operation of one step.</summary>
    /// <returns>The operations of the page that took effect, by job.</returns>
    private async Task<Dictionary<Guid, string>> TakeAsync(Step step, Run run)
    {
        var id = step.Job < run.Ids.Count ? run.Ids[step.Job] : Guid.Empty;
        var claim = run.Claims.Count > 0 ? run.Claims[^Math.Min(run.Claims.Count, step.Claim + 1)] : null;
        switch (step.Operation)
        {
            case Operation.Submit when run.Ids.Count < Jobs:
                run.Ids.Add((await _jobs.SubmitAsync()).Single());
                return new() { [run.Ids[^1]] = "submit" };
            case Operation.Claim when await _jobs.Claims.ClaimAsync(id, run.Workers[step.Worker], Cancel) is { } claimed:
                run.Claims.Add(claimed);
                return new() { [id] = "claim" };
            case Operation.Complete when claim is not null && await _jobs.CompleteAsync(claim):
                return Repeated(claim, JobStatus.Completed) ?? new() { [claim.Id] = "complete" };
            case Operation.Fail when claim is not null && await _jobs.Claims.FailAsync(claim, "code", "error", Cancel):
                return Repeated(claim, JobStatus.Failed) ?? new() { [claim.Id] = "fail" };
            case Operation.Reschedule when claim is not null && await RescheduleAsync(claim, step, deferred: false):
                return new() { [claim.Id] = "reschedule" };
            case Operation.Defer when claim is not null && await RescheduleAsync(claim, step, deferred: true):
                run.Uncounted(claim.Id);
                return new() { [claim.Id] = "defer" };
            case Operation.Release when claim is not null && await _jobs.Claims.ReleaseAsync(claim, Cancel):
                run.Uncounted(claim.Id);
                return new() { [claim.Id] = "release" };
            case Operation.WorkerDies:
                var alive = run.Workers.Where((_, number) => number != step.Worker).ToList();
                var liveness = new WorkerLiveness(alive, alive, LeasesAreReliable: true);
                return (await _jobs.Reclaim.ReclaimAsync(liveness, Cancel)).ToDictionary(job => job.Id, job => job.Failed ? "give up" : "reclaim");
            case Operation.Cancel:
                return (await _cancellation.CancelAsync(JobsOnDatabase.Owner, [id], Cancel)).ToDictionary(job => job, _ => "cancel");
            case Operation.Delete when await FindAsync(id) is { FinishedAt: not null } finished:
                await _removal.RemoveAsync(finished, Cancel);
                return new() { [id] = "delete" };
            case Operation.Requeue:
                await _jobs.TakeDueAsync();
                return [];
            case Operation.PassTime:
                await _jobs.AdvanceAsync(TimeSpan.FromSeconds(Math.Abs(step.Seconds)));
                return [];
            case Operation.ClockJumps:
                await _jobs.JumpAsync(TimeSpan.FromSeconds(step.Seconds));
                await _jobs.Reclaim.CorrectFutureTimesAsync(Cancel);
                return [];
            default:
                return [];
        }

        // Completing twice, or failing twice, with the same claim has no further effect: after a lost connection the worker repeats the statement.
        Dictionary<Guid, string>? Repeated(ClaimedJob ended, string status) => run.Statuses.GetValueOrDefault(ended.Id) == status ? [] : null;
    }

    private Task<bool> RescheduleAsync(ClaimedJob claim, Step step, bool deferred) => _jobs.Claims.RescheduleAsync(
        claim, new RetryPlan(TimeSpan.FromSeconds(Math.Abs(step.Seconds)), "code", "reason", IsDeferred: deferred), Cancel);

    private async Task CheckAsync(Step step, Dictionary<Guid, string> taken, Dictionary<Guid, GenerationJob> before, Run run)
    {
        var after = await ReadAsync(run);
        foreach (var id in run.Ids)
        {
            var (from, to) = (before.GetValueOrDefault(id)?.Status ?? "none", after.GetValueOrDefault(id)?.Status ?? "none");
            if (taken.TryGetValue(id, out var operation))
                Assert.True(_table.Allows(operation, from, to), $"{step}: '{operation}' changed a job from {from} to {to}.");
            else
                Assert.True(from == to, $"{step}: an operation without effect changed a job from {from} to {to}.");
            if (operation is "reclaim")
                run.Reclaims[id] = run.Reclaims.GetValueOrDefault(id) + 1;
        }

        foreach (var job in after.Values)
        {
            run.Statuses[job.Id] = job.Status;
            _table.AssertColumns(job);
            Assert.Equal(run.Claims.Count(claim => claim.Id == job.Id) - run.UncountedOf(job.Id), job.Attempts);
            Assert.Equal(run.Reclaims.GetValueOrDefault(job.Id), job.Takeovers);
            if (job.ImageKey is { } key)
                Assert.Equal(ImageKey.For(job.Claim!.Value, "image/jpeg"), key);
        }
    }

    /// <summary>No job is forgotten: after a while, requeue offers each that is unfinished, and a worker can complete it.</summary>
    private async Task FinishAsync(Run run)
    {
        await _jobs.Reclaim.ReclaimAsync(WorkerLiveness.NoWorkers, Cancel);
        await _jobs.AdvanceAsync(TimeSpan.FromHours(3));
        var offered = (await _jobs.TakeDueAsync()).ToHashSet();
        var worker = await _jobs.NewWorkerAsync();
        foreach (var job in (await ReadAsync(run)).Values.Where(job => job.FinishedAt is null))
        {
            Assert.Contains(job.Id, offered);
            Assert.True(await _jobs.CompleteAsync(await _jobs.ClaimAsync(job.Id, worker)));
        }
    }

    private async Task<Dictionary<Guid, GenerationJob>> ReadAsync(Run run) =>
        (await _jobs.Queries.FindAsync(JobsOnDatabase.Owner, run.Ids, Cancel)).ToDictionary(job => job.Id);

    private async Task<GenerationJob?> FindAsync(Guid id) => (await _jobs.Queries.FindAsync(JobsOnDatabase.Owner, [id], Cancel)).SingleOrDefault();

    private enum Operation
    {
        Submit, Claim, Complete, Fail, Reschedule, Defer, Release, WorkerDies, Cancel, Delete, Requeue, PassTime, ClockJumps,
    }

    private sealed record Step(Operation Operation, int Job, int Worker, int Claim, int Seconds);

    /// <summary>What happened so far in one sequence.</summary>
    private sealed class Run(IReadOnlyList<Guid> workers)
    {
        private readonly Dictionary<Guid, int> _uncounted = [];

        public IReadOnlyList<Guid> Workers => workers;

        public List<Guid> Ids { get; } = [];

        public List<ClaimedJob> Claims { get; } = [];

        public Dictionary<Guid, int> Reclaims { get; } = [];

        public Dictionary<Guid, string> Statuses { get; } = [];

        public int UncountedOf(Guid job) => _uncounted.GetValueOrDefault(job);

        /// <summary>A claim that does not count as an attempt.</summary>
        public void Uncounted(Guid job) => _uncounted[job] = UncountedOf(job) + 1;
    }
}
