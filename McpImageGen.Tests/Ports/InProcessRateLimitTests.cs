using McpImageGen.GenerationWorker.RateLimit;

namespace McpImageGen.Tests.Ports;

public sealed class InProcessRateLimitTests : RateLimitContract
{
    [Fact]
    public async Task Requests_counted_elsewhere_use_up_the_rate_limit()
    {
        var limit = New(2);
        limit.Count();
        limit.Count();

        Assert.NotEqual(TimeSpan.Zero, await limit.TakeAsync(Guid.CreateVersion7(), Cancel));
    }

    [Fact]
    public async Task Unreserved_slot_can_be_taken_by_any_job_when_due()
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
