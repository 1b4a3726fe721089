using System.Net;
using McpImageGen.Tests.Testing;

namespace McpImageGen.Tests.Standalone;

/// <summary>Cancelling jobs and deleting images.</summary>
public sealed class CancelAndDeleteTests : IAsyncLifetime
{
    private RunningStandalone _server = null!;

    private FetchClient Client => _server.Client;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    // One at a time, so that a job which holds the worker up holds up all others.
    public async ValueTask InitializeAsync() => _server = await RunningStandalone.StartAsync("--Worker:Concurrency=1");

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Cancelling_a_processing_job_ends_its_wait_and_frees_its_worker()
    {
        var id = (await Client.CallAsync("generate_image", new { prompt = "slow [latency:100s]" })).Text("job_id");
        await UntilAsync(id, "processing");
        var wait = Client.CallAsync("wait_for_completion", new { job_id = id });

        var cancelled = await Client.CallAsync("cancel_job", new { job_id = id });

        Assert.False(cancelled.IsError);
        Assert.Equal(["success", "cancelled_count", "message", "jobs"], cancelled.Fields);
        Assert.Equal(1, cancelled.Number("cancelled_count"));
        Assert.Equal("cancelled", Assert.Single(cancelled.List("jobs")).GetProperty("status").GetString());
        Assert.True((await wait).IsError);
        Assert.Equal(("cancelled", "Cancelled", "cancelled"), ((await wait).Text("status"), (await wait).Error, (await wait).Text("error_code")));
        Assert.True((await Client.CallAsync("generate_image_and_wait", new { prompt = "the next one" })).Success);
        Assert.Equal("cancelled", (await Client.CallAsync("get_job_status", new { job_id = id })).Text("status"));
    }

    [Fact]
    [Slow]
    public async Task Cancelling_pending_jobs_does_not_affect_other_jobs_of_the_call()
    {
        var slow = (await Client.CallAsync("generate_image", new { prompt = "slow [latency:3s]" })).Text("job_id");
        var ids = (await Client.CallAsync("generate_image", new { prompt = "a row of them [latency:300ms]", count = 4 }))
            .List("job_ids").Select(id => id.GetString()!).ToArray();

        var cancelled = await Client.CallAsync("cancel_job", new { job_ids = ids[1..] });

        Assert.Equal(3, cancelled.Number("cancelled_count"));
        var wait = await Client.CallAsync("wait_for_completion", new { job_ids = (string[])[slow, .. ids] });
        Assert.Equal("3 job(s) cancelled", wait.Error);
        Assert.Equal([slow, ids[0]], wait.List("completed").Select(job => job.GetProperty("job_id").GetString()));
        Assert.All(wait.List("failed"), job => Assert.Equal("Cancelled", job.GetProperty("error").GetString()));
        Assert.All(wait.List("failed"), job => Assert.Equal("cancelled", job.GetProperty("status").GetString()));
        var listed = await Client.CallAsync("list_jobs", new { status = "cancelled" });
        Assert.Equal(3, listed.Number("total_count"));
    }

    [Fact]
    public async Task Failed_and_cancelled_jobs_are_distinguished_in_results()
    {
        var failed = (await Client.CallAsync("generate_image_and_wait", new { prompt = "refused [fault:prompt-rejected]" })).Text("job_id");
        var cancelled = (await Client.CallAsync("generate_image", new { prompt = "slow [latency:100s]" })).Text("job_id");
        await Client.CallAsync("cancel_job", new { job_id = cancelled });

        var wait = await Client.CallAsync("wait_for_completion", new { job_ids = new[] { failed, cancelled } });

        Assert.Equal("1 job(s) failed, 1 job(s) cancelled", wait.Error);
        Assert.Equal(["failed", "cancelled"], wait.List("failed").Select(job => job.GetProperty("status").GetString()));
        var listed = (await Client.CallAsync("list_jobs", new { })).List("jobs");
        Assert.Equal(["cancelled", "failed"], listed.Select(job => job.GetProperty("status").GetString()));
    }

    [Fact]
    public async Task Cancelling_a_finished_job_reports_that_and_changes_nothing()
    {
        var id = (await Client.CallAsync("generate_image_and_wait", new { prompt = "already there" })).Text("job_id");

        var cancelled = await Client.CallAsync("cancel_job", new { job_id = id });

        Assert.True(cancelled.Success);
        Assert.Equal(0, cancelled.Number("cancelled_count"));
        Assert.Contains("already finished", cancelled.Text("message"), StringComparison.Ordinal);
        Assert.Equal("completed", (await Client.CallAsync("get_job_status", new { job_id = id })).Text("status"));
    }

    [Fact]
    public async Task Cancelling_with_an_unknown_job_id_cancels_no_job()
    {
        var id = (await Client.CallAsync("generate_image", new { prompt = "goes on [latency:300ms]" })).Text("job_id");

        var cancelled = await Client.CallAsync("cancel_job", new { job_ids = new[] { id, Guid.NewGuid().ToString() } });

        Assert.Equal("One or more jobs not found", cancelled.Error);
        Assert.True((await Client.CallAsync("wait_for_completion", new { job_id = id })).Success);
    }

    [Fact]
    public async Task Deleted_image_is_not_listed_and_its_link_returns_404()
    {
        var made = await Client.CallAsync("generate_image_and_wait", new { prompt = "not for long" });
        var id = made.Text("job_id");

        var deleted = await Client.CallAsync("delete_generation", new { job_id = id });

        Assert.Equal(["success", "job_id", "deleted", "message"], deleted.Fields);
        using var image = await _server.Http.GetAsync(made.Text("image_url"), Cancel);
        Assert.Equal(HttpStatusCode.NotFound, image.StatusCode);
        Assert.Equal("Job not found", (await Client.CallAsync("get_job_status", new { job_id = id })).Error);
        Assert.Equal("Job not found", (await Client.CallAsync("delete_generation", new { job_id = id })).Error);
        Assert.Equal(0, (await Client.CallAsync("list_generations", new { })).Number("total_count"));
    }

    [Fact]
    public async Task Unfinished_job_cannot_be_deleted_until_it_is_cancelled()
    {
        var id = (await Client.CallAsync("generate_image", new { prompt = "slow [latency:100s]" })).Text("job_id");

        var refused = await Client.CallAsync("delete_generation", new { job_id = id });

        Assert.True(refused.IsError);
        Assert.Equal("job_unfinished", refused.Text("error_code"));
        Assert.Contains("cancel_job", refused.Error, StringComparison.Ordinal);
        await Client.CallAsync("cancel_job", new { job_id = id });
        Assert.True((await Client.CallAsync("delete_generation", new { job_id = id })).Success);
    }

    private Task<ToolOutcome> UntilAsync(string id, string status) => Until.HoldsAsync(
        () => Client.CallAsync("get_job_status", new { job_id = id }), job => job.Text("status") == status, $"the job is {status}");
}
