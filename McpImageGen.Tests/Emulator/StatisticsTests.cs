using static McpImageGen.Tests.Emulator.RunningEmulator;

namespace McpImageGen.Tests.Emulator;

public sealed class StatisticsTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Generations_are_counted_by_model_and_prompt_and_failures_by_reason()
    {
        await using var emulator = await StartAsync();
        await emulator.PromptAsync(Schnell, "twice");
        await emulator.PromptAsync(Lightning, "twice");
        await emulator.PromptAsync(Schnell, "once");
        await emulator.PromptAsync(Schnell, "never [fault:server-error]");
        await emulator.PromptAsync(Schnell, "never [fault:truncated-body]");
        await emulator.PromptAsync(Schnell, "");

        var statistics = await emulator.StatisticsAsync();

        Assert.Equal(6, statistics.GetProperty("requests").GetInt32());
        Assert.Equal(3, statistics.GetProperty("generations").GetInt32());
        Assert.Equal($$"""{"{{Schnell}}":2,"{{Lightning}}":1}""", statistics.GetProperty("generationsByModel").GetRawText());
        Assert.Equal("""{"twice":2,"once":1}""", statistics.GetProperty("generationsByPrompt").GetRawText());
        Assert.Equal("""{"server-error":1,"truncated-body":1,"400/5006":1}""", statistics.GetProperty("failures").GetRawText());
    }

    [Fact]
    public async Task Peak_is_the_maximum_number_of_concurrent_requests()
    {
        await using var emulator = await StartAsync();
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);

        var hanging = Enumerable.Range(0, 5).Select(_ => emulator.Client.PostAsync(
            $"/client/v4/accounts/any/ai/run/{Schnell}", new StringContent("""{"prompt":"[fault:no-answer]"}"""), leaving.Token)).ToArray();
        await UntilAsync(emulator, "inProgress", 5);
        await leaving.CancelAsync();
        await UntilAsync(emulator, "inProgress", 0);
        await emulator.PromptAsync(Schnell, "later, alone");

        Assert.Equal(5, (await emulator.StatisticsAsync()).GetProperty("concurrentPeak").GetInt32());
        foreach (var request in hanging)
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => request);
    }

    [Fact]
    public async Task Request_that_a_client_cancels_during_the_latency_is_counted_as_abandoned()
    {
        var time = new ObservedTime();
        await using var emulator = await StartAsync(time, ("Emulator:Latency", "00:10:00"));
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);

        var request = emulator.Client.PostAsync(
            $"/client/v4/accounts/any/ai/run/{Schnell}", new StringContent("""{"prompt":"a lighthouse"}"""), leaving.Token);
        await time.Waiting.WaitAsync(Cancellation);
        await leaving.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => request);
        await UntilAsync(emulator, "abandoned", 1);
        Assert.Equal(0, (await emulator.StatisticsAsync()).GetProperty("generations").GetInt32());
    }

    [Fact]
    public async Task Arrival_time_of_every_request_is_recorded_including_failed_ones()
    {
        var time = new ObservedTime();
        await using var emulator = await StartAsync(time);
        await emulator.PromptAsync(Schnell, "a lighthouse");
        time.Advance(TimeSpan.FromSeconds(3));
        await emulator.PromptAsync(Schnell, "never [fault:server-error]");

        var arrivals = await emulator.ArrivalsAsync();

        Assert.Equal(3000, arrivals[1] - arrivals[0]);
        Assert.Equal(2, arrivals.Length);
    }

    [Fact]
    public async Task Deleting_the_statistics_resets_the_counts()
    {
        await using var emulator = await StartAsync();
        await emulator.PromptAsync(Schnell, "a lighthouse");

        using var reset = await emulator.Client.DeleteAsync("/emulator/statistics", Cancellation);

        var statistics = await emulator.StatisticsAsync();
        Assert.Equal(0, statistics.GetProperty("requests").GetInt32());
        Assert.Equal("{}", statistics.GetProperty("generationsByPrompt").GetRawText());
    }

    /// <summary>Asks again until the emulator has noticed; the test's own time limit ends it.</summary>
    private static async Task UntilAsync(RunningEmulator emulator, string name, int value)
    {
        while ((await emulator.StatisticsAsync()).GetProperty(name).GetInt32() != value)
            Cancellation.ThrowIfCancellationRequested();
    }
}
