using McpImageGen.Tests.Testing;

namespace McpImageGen.Tests.Standalone;

/// <summary>A call that is repeated with its idempotency key gets the answer of the first call, whatever happened to its jobs since.</summary>
public sealed class RepeatedCallTests(SharedStandalone standalone) : IClassFixture<SharedStandalone>
{
    private FetchClient Client => standalone.Server.Client;

    [Fact]
    public async Task Repeated_call_without_a_seed_returns_the_same_jobs()
    {
        var call = new { prompt = "three boats", count = 3, idempotency_key = "boats" };

        var first = await Client.CallAsync("generate_image", call);
        var repeated = await Client.CallAsync("generate_image_and_wait", call);

        Assert.Equal(JobIds(first), repeated.List("results").Select(result => result.GetProperty("job_id").GetString()));
    }

    [Fact]
    public async Task Repeated_call_reports_deleted_jobs_in_its_result()
    {
        var call = new { prompt = "three lakes", count = 3, idempotency_key = "lakes" };
        var first = await Client.CallAsync("generate_image_and_wait", call);
        var ids = first.List("results").Select(result => result.GetProperty("job_id").GetString()!).ToList();
        await DeleteAsync(ids[0]);
        await DeleteAsync(ids[2]);

        var started = await Client.CallAsync("generate_image", call);
        var waited = await Client.CallAsync("generate_image_and_wait", call);

        Assert.Equal(ids, JobIds(started));
        Assert.True(waited.IsError);
        Assert.Equal("2 job(s) deleted", waited.Error);
        Assert.Equal(
            [(ids[0], "deleted", "deleted"), (ids[2], "deleted", "deleted")],
            waited.List("failed").Select(job =>
                (job.GetProperty("job_id").GetString()!, job.GetProperty("status").GetString()!, job.GetProperty("error_code").GetString()!)));
        Assert.Equal(ids[1], Assert.Single(waited.List("completed")).GetProperty("job_id").GetString());
    }

    [Fact]
    public async Task Repeated_call_does_not_generate_a_deleted_image_again()
    {
        var call = new { prompt = "a single lake", idempotency_key = "single lake" };
        var id = (await Client.CallAsync("generate_image_and_wait", call)).Text("job_id");
        await DeleteAsync(id);
        var before = (await Client.CallAsync("list_jobs", new { })).Number("total_count");

        var started = await Client.CallAsync("generate_image", call);
        var waited = await Client.CallAsync("generate_image_and_wait", call);

        Assert.Equal((id, "deleted"), (started.Text("job_id"), started.Text("status")));
        Assert.Equal((id, "deleted"), (waited.Text("job_id"), waited.Text("status")));
        Assert.Contains("Use another key", waited.Error, StringComparison.Ordinal);
        Assert.Equal(before, (await Client.CallAsync("list_jobs", new { })).Number("total_count"));
    }

    [Fact]
    public async Task Repeated_edit_returns_its_job_even_if_its_input_image_was_deleted()
    {
        var input = (await Client.CallAsync("generate_image_and_wait", new { prompt = "a boat" })).Text("job_id");
        var call = new { prompt = "make it red", job_ids = new[] { input }, idempotency_key = "red boat" };
        var first = await Client.CallAsync("edit_image_and_wait", call);
        await DeleteAsync(input);

        var started = await Client.CallAsync("edit_image", call);
        var waited = await Client.CallAsync("edit_image_and_wait", call);

        Assert.Equal(first.Text("job_id"), started.Text("job_id"));
        Assert.Equal(first.Text("image_url"), waited.Text("image_url"));
    }

    [Theory]
    [InlineData("another prompt", 2, 7)]
    [InlineData("two mills", 3, 7)]
    [InlineData("two mills", 2, 8)]
    [InlineData("two mills", 2, null)]
    public async Task Idempotency_key_with_other_arguments_is_rejected(string prompt, int count, int? seed)
    {
        await Client.CallAsync("generate_image", new { prompt = "two mills", count = 2, seed = 7, idempotency_key = "mills" });

        var refused = await Client.CallAsync("generate_image", new { prompt, count, seed, idempotency_key = "mills" });

        Assert.Equal("idempotency_conflict", refused.Text("error_code"));
    }

    private static IEnumerable<string?> JobIds(ToolOutcome started) => started.List("job_ids").Select(id => id.GetString());

    private Task<ToolOutcome> DeleteAsync(string jobId) => Client.CallAsync("delete_generation", new { job_id = jobId });
}
