using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using static McpImageGen.Tests.Emulator.RunningEmulator;

namespace McpImageGen.Tests.Emulator;

public sealed class FaultSwitchTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Next_requests_fail_as_configured()
    {
        await using var emulator = await StartAsync(null, ("Emulator:Faults:Next", "capacity-3040*2"), ("Emulator:Faults:RetryAfter", "00:00:03"));

        using var first = await emulator.PromptAsync(Schnell, "a");

        Assert.Equal(TimeSpan.FromSeconds(3), first.Headers.RetryAfter?.Delta);
        Assert.Equal(HttpStatusCode.TooManyRequests, first.StatusCode);
        Assert.Equal([429, 200, 200], await StatusesAsync(emulator, 3));
    }

    [Fact]
    public async Task All_requests_fail_at_rate_one_and_none_at_rate_zero()
    {
        await using var failing = await StartAsync(null, ("Emulator:Faults:Kind", "server-error"), ("Emulator:Faults:Rate", "1"));
        await using var working = await StartAsync(null, ("Emulator:Faults:Kind", "server-error"), ("Emulator:Faults:Rate", "0"));

        Assert.Equal([500, 500, 500], await StatusesAsync(failing, 3));
        Assert.Equal([200, 200, 200], await StatusesAsync(working, 3));
    }

    [Fact]
    public async Task Some_requests_fail_at_rate_one_half()
    {
        await using var emulator = await StartAsync(null, ("Emulator:Faults:Kind", "server-error"), ("Emulator:Faults:Rate", "0.5"));

        var statuses = new List<int>();
        for (var seed = 0; seed < 64; seed++)
            statuses.Add((int)(await emulator.RunAsync(Lightning, new { prompt = "a", seed, width = 256, height = 256 })).StatusCode);

        // Both happen in 64 requests except once in 2^63 test runs.
        Assert.Contains(500, statuses);
        Assert.Contains(200, statuses);
    }

    [Fact]
    public async Task Faults_can_be_set_and_cleared_while_the_emulator_runs()
    {
        await using var emulator = await StartAsync();

        await PutAsync(emulator, new { kind = "server-error", count = 1 });
        Assert.Equal([500, 200], await StatusesAsync(emulator, 2));

        await PutAsync(emulator, new { kind = "edge-rate-limit", rate = 1, retryAfter = "5s" });
        using var limited = await emulator.PromptAsync(Schnell, "a");
        Assert.Equal(TimeSpan.FromSeconds(5), limited.Headers.RetryAfter?.Delta);

        using var cleared = await emulator.Client.DeleteAsync("/emulator/faults", Cancellation);
        Assert.Equal([200], await StatusesAsync(emulator, 1));
    }

    [Fact]
    public async Task Clearing_faults_resets_the_fault_counts_of_prompts()
    {
        await using var emulator = await StartAsync();
        const string prompt = "a [fault:server-error*1]";
        using var first = await emulator.PromptAsync(Schnell, prompt);
        using var second = await emulator.PromptAsync(Schnell, prompt);

        using var cleared = await emulator.Client.DeleteAsync("/emulator/faults", Cancellation);
        using var third = await emulator.PromptAsync(Schnell, prompt);

        Assert.Equal([500, 200, 500], [(int)first.StatusCode, (int)second.StatusCode, (int)third.StatusCode]);
    }

    [Fact]
    public async Task Configured_faults_can_be_read()
    {
        await using var emulator = await StartAsync(null, ("Emulator:Faults:Next", "no-answer*3"));

        var faults = await emulator.Client.GetFromJsonAsync<JsonElement>("/emulator/faults", Cancellation);

        Assert.Equal("""{"kind":"no-answer","count":3}""", faults.GetProperty("next").GetRawText());
        Assert.Contains("dropped-midway", faults.GetProperty("kinds").EnumerateArray().Select(kind => kind.GetString()));
    }

    [Theory]
    [InlineData("""{"kind":"sever-error","count":1}""")]
    [InlineData("""{"kind":"server-error"}""")]
    [InlineData("""{"kind":"server-error","count":0}""")]
    [InlineData("""{"kind":"server-error","count":1,"rate":1}""")]
    [InlineData("""{"kind":"server-error","rate":1.5}""")]
    [InlineData("""{"kind":"server-error","count":1,"retryAfter":"soon"}""")]
    [InlineData("""no json""")]
    public async Task Invalid_fault_setting_is_rejected_and_changes_nothing(string body)
    {
        await using var emulator = await StartAsync();

        using var response = await emulator.Client.PutAsync("/emulator/faults", new StringContent(body), Cancellation);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal([200], await StatusesAsync(emulator, 1));
    }

    private static async Task PutAsync(RunningEmulator emulator, object faults)
    {
        using var response = await emulator.Client.PutAsJsonAsync("/emulator/faults", faults, Cancellation);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    private static async Task<List<int>> StatusesAsync(RunningEmulator emulator, int requests)
    {
        var statuses = new List<int>();
        for (var request = 0; request < requests; request++)
            statuses.Add((int)(await emulator.PromptAsync(Schnell, "a lighthouse")).StatusCode);
        return statuses;
    }
}
