using static McpImageGen.Tests.Emulator.RunningEmulator;

namespace McpImageGen.Tests.Emulator;

public sealed class LatencyTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Image_is_returned_when_the_latency_has_elapsed()
    {
        var time = new ObservedTime();
        await using var emulator = await StartAsync(time, ("Emulator:Latency", "00:01:00"));

        var response = emulator.PromptAsync(Schnell, "a lighthouse");
        Assert.Equal(TimeSpan.FromMinutes(1), await time.Waiting.WaitAsync(Cancellation));
        time.Advance(TimeSpan.FromSeconds(59));
        Assert.False(response.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(1));

        await ImageOfAsync(await response);
    }

    [Fact]
    public async Task Latency_includes_the_drawing_time()
    {
        var time = new ObservedTime { BetweenReadings = TimeSpan.FromMilliseconds(300) };
        await using var emulator = await StartAsync(time, ("Emulator:Latency", "00:00:01"));

        var response = emulator.PromptAsync(Schnell, "a lighthouse");

        Assert.Equal(TimeSpan.FromMilliseconds(700), await time.Waiting.WaitAsync(Cancellation));
        time.Advance(TimeSpan.FromMilliseconds(700));
        await ImageOfAsync(await response);
    }

    [Fact]
    public async Task Image_is_returned_without_delay_if_drawing_exceeds_the_latency()
    {
        var time = new ObservedTime { BetweenReadings = TimeSpan.FromSeconds(2) };
        await using var emulator = await StartAsync(time, ("Emulator:Latency", "00:00:01"));

        await ImageOfAsync(await emulator.PromptAsync(Schnell, "a lighthouse"));

        Assert.False(time.Waiting.IsCompleted);
    }

    [Theory]
    [InlineData("250ms", 250)]
    [InlineData("5s", 5_000)]
    [InlineData("1.5s", 1_500)]
    [InlineData("2m", 120_000)]
    public async Task Latency_directive_in_a_prompt_overrides_the_configured_latency(string wish, int milliseconds)
    {
        var time = new ObservedTime();
        await using var emulator = await StartAsync(time, ("Emulator:Latency", "00:00:01"));

        var response = emulator.PromptAsync(Schnell, $"a lighthouse [latency:{wish}]");

        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), await time.Waiting.WaitAsync(Cancellation));
        time.Advance(TimeSpan.FromMilliseconds(milliseconds));
        await ImageOfAsync(await response);
    }

    [Fact]
    public async Task Error_is_returned_without_latency()
    {
        var time = new ObservedTime();
        await using var emulator = await StartAsync(time, ("Emulator:Latency", "00:10:00"));

        using var fault = await emulator.PromptAsync(Schnell, "a lighthouse [fault:server-error]");
        using var refused = await emulator.PromptAsync(Schnell, "");

        Assert.Equal((500, 400), ((int)fault.StatusCode, (int)refused.StatusCode));
        Assert.False(time.Waiting.IsCompleted);
    }
}
