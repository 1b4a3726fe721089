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
    public async Task A_whole_burst_goes_at_once_and_what_is_beyond_it_after_a_minute()
    {
        var (one, another) = await TwoEndsAsync(10);

        for (var i = 0; i < 10; i++)
            Assert.Equal(TimeSpan.Zero, await TakeAsync(i % 2 == 0 ? one : another));

        Assert.InRange(await TakeAsync(one), Minute, Minute * 1.1);
        Assert.InRange(await TakeAsync(another), Minute, Minute * 1.1);
    }

    [Fact]
    public async Task Turns_follow_each_other_as_the_requests_did_that_make_room_for_them()
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
    public async Task Room_is_free_again_when_the_minute_has_passed()
    {
        var (limit, _) = await TwoEndsAsync(1);
        await TakeAsync(limit);

        Time.Advance(Minute * 1.1);

        Assert.Equal(TimeSpan.Zero, await TakeAsync(limit));
    }

    [Fact]
    public async Task Who_has_a_turn_goes_then_and_nobody_takes_that_room_before()
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
    public async Task A_further_request_of_the_same_job_needs_room_of_its_own()
    {
        var (limit, _) = await TwoEndsAsync(2);
        var job = Guid.CreateVersion7();

        Assert.Equal(TimeSpan.Zero, await limit.TakeAsync(job, Cancel));
        Assert.Equal(TimeSpan.Zero, await limit.TakeAsync(job, Cancel));
        Assert.NotEqual(TimeSpan.Zero, await limit.TakeAsync(job, Cancel));
    }

    [Fact]
    public async Task Jobs_that_never_come_back_hold_up_the_others_no_longer_than_their_turns_last()
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
    public async Task Nobody_waits_behind_a_job_that_has_left_the_line()
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
    public async Task Asked_again_too_early_the_turn_stays_the_same()
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
    public async Task No_limit_is_room_for_all()
    {
        var (limit, _) = await TwoEndsAsync(0);

        for (var i = 0; i < 100; i++)
            Assert.Equal(TimeSpan.Zero, await TakeAsync(limit));
    }

    [Theory]
    [InlineData(1, 5)]
    [InlineData(10, 95)]
    [InlineData(50, 320)]
    public async Task Jobs_that_come_to_their_turns_within_two_seconds_bounce_once_at_most(int limit, int jobs)
    {
        var random = new Random(limit);

        var (sent, bounces) = await RunAsync(limit, jobs, _ => random.NextDouble() * 2);

        AssertUnder(limit, sent);
        Assert.Equal(1, bounces.Values.Max());
        Assert.Equal(jobs - limit, bounces.Values.Sum());
    }

    [Fact]
    public async Task Jobs_that_come_late_break_no_limit_and_all_go()
    {
        var random = new Random(7);

        var (sent, bounces) = await RunAsync(10, 100, _ => random.NextDouble() * 40);

        AssertUnder(10, sent);
        Assert.InRange(bounces.Values.Max(), 1, 10);
    }

    [Fact]
    public async Task After_a_standstill_of_everything_the_limit_holds_and_all_go()
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
