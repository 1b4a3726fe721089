using McpImageGen.Jobs.Database;
using McpImageGen.Tests.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace McpImageGen.Tests.Standalone;

/// <summary>What one owner asks for holds up no other.</summary>
public sealed class FairShareTests
{
    private const int AtOnce = 8;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    [Slow]
    public async Task Job_of_one_owner_starts_soon_while_another_owner_has_1000_jobs()
    {
        await using var server = await RunningStandalone.StartAsync(
            $"--Worker:Concurrency={AtOnce}", "--Emulator:Latency=00:00:01",
            "--Auth:Tokens:0:Owner=ann", "--Auth:Tokens:0:Token=anns-token",
            "--Auth:Tokens:1:Owner=ben", "--Auth:Tokens:1:Token=bens-token");
        var ann = new FetchClient(server.Http, "anns-token");
        var ben = new FetchClient(server.Http, "bens-token");
        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => ann.CallAsync("generate_image", new { prompt = "one of many", count = 20 })));

        var done = await ben.CallAsync("generate_image_and_wait", new { prompt = "just one" });

        // In one latency as many jobs start as run at once; so that is counted, which no slow machine changes.
        await using var context = await server.Services.GetRequiredService<IDbContextFactory<JobsDbContext>>().CreateDbContextAsync(Cancel);
        var bens = await context.Jobs.SingleAsync(job => job.Id == done.Json.GetProperty("job_id").GetGuid(), Cancel);
        var before = await context.Jobs.CountAsync(
            job => job.Owner == "ann" && job.ClaimedAt >= bens.CreatedAt && job.ClaimedAt <= bens.ClaimedAt, Cancel);
        Assert.InRange(before, 0, 2 * AtOnce);
        Assert.InRange(await context.Jobs.CountAsync(job => job.Owner == "ann" && job.ClaimedAt == null, Cancel), 100, 1000);
    }

    [Fact]
    public async Task Waiting_job_is_sent_when_another_job_finishes_without_waiting_for_the_requeue_interval()
    {
        await using var server = await RunningStandalone.StartAsync("--Worker:Concurrency=2", "--Jobs:RequeueEvery=00:01:00");

        var done = await server.Client.CallAsync("generate_image_and_wait", new { prompt = "two at once", count = 20 });

        Assert.True(done.Success, done.Raw);
    }

    [Fact]
    public async Task Call_over_the_limit_of_unfinished_jobs_is_rejected_with_the_limit_and_instructions()
    {
        await using var server = await RunningStandalone.StartAsync("--Jobs:UnfinishedPerOwner=20", "--Emulator:Latency=00:00:30");
        await server.Client.CallAsync("generate_image", new { prompt = "the first twenty", count = 20 });

        foreach (var tool in new[] { "generate_image", "generate_image_and_wait" })
        {
            var refused = await server.Client.CallAsync(tool, new { prompt = "one more" });

            Assert.True(refused.IsError);
            Assert.False(refused.Success);
            Assert.Equal("too_many_jobs", refused.Text("error_code"));
            Assert.Equal((20, 20), (refused.Number("unfinished"), refused.Number("limit")));
            Assert.Contains("wait_for_completion", refused.Error, StringComparison.Ordinal);
        }

        Assert.Equal(20, (await server.Client.CallAsync("list_jobs", new { })).Number("total_count"));
    }
}
