using System.Text.Json;
using McpImageGen.Tests.Emulator;
using McpImageGen.Tests.Testing;

namespace McpImageGen.Tests.Standalone;

/// <summary>The account's limit as a client sees it.</summary>
[Slow]
public sealed class RateLimitTests
{
    [Fact]
    public async Task Rate_limit_is_respected_in_every_window_and_each_job_is_deferred_at_most_once()
    {
        const int limit = 10;
        const int window = 2000;
        await using var emulator = await RunningEmulator.StartAsync();
        using var folder = new TemporaryFolder();
        await using var server = StandaloneProcess.Start(
            folder.Path,
            "--WorkersAi:BaseUrl=" + new Uri(emulator.Client.BaseAddress!, "/client/v4/"),
            "--WorkersAi:AccountId=account",
            "--WorkersAi:ApiToken=emulator",
            $"--WorkersAi:RequestsPerMinute={limit}",
            $"--WorkersAi:RateWindow={TimeSpan.FromMilliseconds(window)}");
        var client = await server.ReadyAsync();

        var ids = new List<string>();
        foreach (var count in (int[])[20, 10])
        {
            var started = await client.CallAsync("generate_image", new { prompt = "a queue", count });
            ids.AddRange(started.List("job_ids").Select(id => id.GetString()!));
        }

        foreach (var some in ids.Chunk(20))
        {
            var done = await client.CallAsync("wait_for_completion", new { job_ids = some });
            Assert.True(done.Success, done.Raw);
        }

        var arrivals = await emulator.ArrivalsAsync();
        Assert.Equal(ids.Count, arrivals.Length);
        Assert.All(arrivals.Zip(arrivals.Skip(limit)), pair => Assert.True(pair.Second - pair.First > window));
        Assert.All(ids, id => Assert.InRange(server.Output.Split($"Job {id} will be retried in").Length - 1, 0, 1));
    }

    [Fact]
    public async Task Deferred_job_reports_rate_limited_and_no_attempt()
    {
        await using var server = await RunningStandalone.StartAsync("--WorkersAi:RequestsPerMinute=1");
        await server.Client.CallAsync("generate_image_and_wait", new { prompt = "the only one of this minute" });

        var id = (await server.Client.CallAsync("generate_image", new { prompt = "one too many" })).Text("job_id");
        var waiting = await WaitingAsync(server.Client, id);

        Assert.Equal("rate_limited", waiting.GetProperty("code").GetString());
        Assert.Equal(0, waiting.GetProperty("attempts").GetInt32());
        Assert.True(waiting.GetProperty("next_attempt_at").GetInt64() > DateTimeOffset.UtcNow.ToUnixTimeMilliseconds());
    }

    /// <summary>Asks until the job has met the limit.</summary>
    private static async Task<JsonElement> WaitingAsync(FetchClient client, string id)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            var waiting = (await client.CallAsync("get_job_status", new { job_id = id })).Json.GetProperty("waiting");
            if (waiting.ValueKind == JsonValueKind.Object)
                return waiting;
            limit.Token.ThrowIfCancellationRequested();
        }
    }
}
