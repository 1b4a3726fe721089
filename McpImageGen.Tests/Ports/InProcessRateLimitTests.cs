using McpImageGen.GenerationWorker.RateLimit;

namespace McpImageGen.Tests.Ports;

public sealed class InProcessRateLimitTests : RateLimitContract
{
    [Fact]
    public async Task What_others_found_room_for_counts_too()
    {
        var limit = New(2);
        limit.Count();
        limit.Count();

        Assert.NotEqual(TimeSpan.Zero, await limit.TakeAsync(Guid.CreateVersion7(), Cancel));
    }

    [Fact]
    public async Task Where_turns_are_anyones_whoever_comes_when_one_is_due_takes_it()
    {
        var limit = new InProcessRateLimit(() => 1, new RateWindow(TimeSpan.FromMinutes(1)), Time, turnsAreAnyones: true);
        await limit.TakeAsync(Guid.CreateVersion7(), Cancel);
        Time.Advance(await limit.TakeAsync(Guid.CreateVersion7(), Cancel));

        Assert.Equal(TimeSpan.Zero, await limit.TakeAsync(Guid.CreateVersion7(), Cancel));
    }

    protected override Task<(IRateLimit One, IRateLimit Another)> TwoEndsAsync(int requestsPerMinute)
    {
        var limit = New(requestsPerMinute);
        return Task.FromResult<(IRateLimit, IRateLimit)>((limit, limit));
    }

    private InProcessRateLimit New(int requestsPerMinute) => new(() => requestsPerMinute, new RateWindow(TimeSpan.FromMinutes(1)), Time);
}
