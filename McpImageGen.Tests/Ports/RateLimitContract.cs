using McpImageGen.GenerationWorker.RateLimit;
using Microsoft.Extensions.Time.Testing;

namespace McpImageGen.Tests.Ports;

/// <summary>What the worker relies on, whichever limit it has. The clock is the test's.</summary>
public abstract class RateLimitContract
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    protected FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 11, 22, 15, 0, 0, TimeSpan.Zero));

    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Two ends of the same limit, as two workers have them where the limit crosses processes.</summary>
    protected abstract Task<(IRateLimit One, IRateLimit Another)> TwoEndsAsync(int requestsPerMinute);

    [Fact]
    public async Task Burst_up_to_the_limit_is_sent_immediately_and_further_requests_after_a_minute()
    {
        var (one, another) = await TwoEndsAsync(10);

        for (var i = 0; i < 10; i++)
            Assert.Equal(TimeSpan.Zero, await TakeAsync(i % 2 == 0 ? one : another));

        Assert.InRange(await TakeAsync(one), Minute, Minute * 1.1);
        Assert.InRange(await TakeAsync(another), Minute, Minute * 1.1);
    }

    [Fact]
    public async Task Reserved_slots_follow_the_times_at_which_earlier_requests_expire()
    {
        var (limit, _) = await TwoEndsAsync(2);
        await TakeAsync(limit);
        Time.Advance(TimeSpan.FromSeconds(40));
        await TakeAsync(limit);

        var first = await TakeAsync(limit);
        var second = await TakeAsync(limit);
        var third = await TakeAsync(limit);

        Assert.InRange(first, TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(26));
        Assert.Equal(first + TimeSpan.FromSeconds(40), second);
        Assert.InRange(third, first + Minute, (first + Minute) * 1.1);
    }

    [Fact]
    public async Task Slot_is_free_again_after_a_minute()
    {
        var (limit, _) = await TwoEndsAsync(1);
        await TakeAsync(limit);

        Time.Advance(Minute * 1.1);

        Assert.Equal(TimeSpan.Zero, await TakeAsync(limit));
    }

    [Fact]
    public async Task Reserved_slot_is_kept_for_its_job()
    {
        var (one, another) = await TwoEndsAsync(1);
        var job = Guid.CreateVersion7();
        await TakeAsync(one);
        Time.Advance(await one.TakeAsync(job, Cancel));

        Assert.NotEqual(TimeSpan.Zero, await TakeAsync(another));
        Assert.Equal(TimeSpan.Zero, await another.TakeAsync(job, Cancel));
        Assert.NotEqual(TimeSpan.Zero, await TakeAsync(another));
    }

    [Fact]
    public async Task Each_further_request_of_a_job_needs_a_separate_slot()
    {
        var (limit, _) = await TwoEndsAsync(2);
        var job = Guid.CreateVersion7();

        Assert.Equal(TimeSpan.Zero, await limit.TakeAsync(job, Cancel));
        Assert.Equal(TimeSpan.Zero, await limit.TakeAsync(job, Cancel));
        Assert.NotEqual(TimeSpan.Zero, await limit.TakeAsync(job, Cancel));
    }

    [Fact]
    public async Task Unused_reserved_slots_expire()
    {
        var (limit, _) = await TwoEndsAsync(3);
        var waits = new List<TimeSpan>();
        for (var i = 0; i < 6; i++)
            waits.Add(await TakeAsync(limit));
        Time.Advance(waits[^1] + TimeSpan.FromSeconds(1));

        Assert.InRange(await TakeAsync(limit), TimeSpan.Zero, Minute * 1.1);
        Time.Advance(Minute * 4);
        Assert.Equal(TimeSpan.Zero, await TakeAsync(limit));
    }

    [Fact]
    public async Task Job_that_leaves_the_queue_frees_its_reserved_slot()
    {
        var (one, another) = await TwoEndsAsync(1);
        var leaves = Guid.CreateVersion7();
        await TakeAsync(one);
        Time.Advance(await one.TakeAsync(leaves, Cancel));

        await another.LeaveAsync(leaves, Cancel);
        await another.LeaveAsync(Guid.CreateVersion7(), Cancel);

        Assert.Equal(TimeSpan.Zero, await TakeAsync(one));
        Assert.NotEqual(TimeSpan.Zero, await another.TakeAsync(leaves, Cancel));
    }

    [Fact]
    public async Task Reserved_slot_does_not_change_when_requested_again_too_early()
    {
        var (limit, _) = await TwoEndsAsync(1);
        var job = Guid.CreateVersion7();
        await TakeAsync(limit);
        var wait = await limit.TakeAsync(job, Cancel);
        await TakeAsync(limit);
        Time.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal(wait - TimeSpan.FromSeconds(5), await limit.TakeAsync(job, Cancel));
    }

    [Fact]
    public async Task Limit_of_zero_allows_all_requests()
    {
        var (limit, _) = await TwoEndsAsync(0);

        for (var i = 0; i < 100; i++)
            Assert.Equal(TimeSpan.Zero, await TakeAsync(limit));
    }

    [Theory]
    [InlineData(1, 5)]
    [InlineData(10, 95)]
    [InlineData(50, 320)]
    public async Task Jobs_that_return_within_2_s_of_their_slots_are_deferred_at_most_once(int limit, int jobs)
    {
        var random = new Random(limit);

        var (sent, bounces) = await RunAsync(limit, jobs, _ => random.NextDouble() * 2);

        AssertUnder(limit, sent);
        Assert.Equal(1, bounces.Values.Max());
        Assert.Equal(jobs - limit, bounces.Values.Sum());
    }

    [Fact]
    public async Task Jobs_that_return_late_respect_the_limit_and_are_all_sent()
    {
        var random = new Random(7);

        var (sent, bounces) = await RunAsync(10, 100, _ => random.NextDouble() * 40);

        AssertUnder(10, sent);
        Assert.InRange(bounces.Values.Max(), 1, 10);
    }

    [Fact]
    public async Task Limit_is_respected_and_all_jobs_are_sent_after_a_complete_standstill()
    {
        var standstill = Time.GetUtcNow() + TimeSpan.FromSeconds(60);
        var end = standstill + TimeSpan.FromSeconds(100);

        var (sent, bounces) = await RunAsync(10, 100, turn => turn > standstill && turn < end ? (end - turn).TotalSeconds : 0);

        AssertUnder(10, sent);
        Assert.InRange(bounces.Values.Max(), 1, 10);
    }

    private static Task<TimeSpan> TakeAsync(IRateLimit limit) => limit.TakeAsync(Guid.CreateVersion7(), Cancel);

    /// <summary>Lets all jobs ask at once, and each again when its turn has come or as much later as a test says.</summary>
    /// <param name="secondsLate">By the turn.</param>
    private async Task<(List<DateTimeOffset> Sent, Dictionary<Guid, int> Bounces)> RunAsync(
        int requestsPerMinute, int jobs, Func<DateTimeOffset, double> secondsLate)
    {
        var (one, another) = await TwoEndsAsync(requestsPerMinute);
        var sent = new List<DateTimeOffset>();
        var bounces = new Dictionary<Guid, int>();
        var asks = new PriorityQueue<Guid, DateTimeOffset>();
        for (var i = 0; i < jobs; i++)
            asks.Enqueue(Guid.CreateVersion7(), Time.GetUtcNow() + TimeSpan.FromMilliseconds(i));
        while (asks.TryDequeue(out var job, out var at))
        {
            if (at > Time.GetUtcNow())
                Time.SetUtcNow(at);
            var wait = await (Random.Shared.Next(2) == 0 ? one : another).TakeAsync(job, Cancel);
            if (wait == TimeSpan.Zero)
            {
                sent.Add(Time.GetUtcNow());
                continue;
            }

            bounces[job] = bounces.GetValueOrDefault(job) + 1;
            Assert.True(bounces[job] < 100, "A job bounces for ever.");
            var turn = Time.GetUtcNow() + wait;
            asks.Enqueue(job, turn + TimeSpan.FromSeconds(secondsLate(turn)));
        }

        Assert.Equal(jobs, sent.Count);
        return (sent, bounces);
    }

    private static void AssertUnder(int requestsPerMinute, List<DateTimeOffset> sent) =>
        Assert.All(sent.Zip(sent.Skip(requestsPerMinute)), pair => Assert.True(pair.Second - pair.First > Minute));
}
