using McpImageGen.Tests.Testing;

namespace McpImageGen.Tests.Standalone;

/// <summary>Each owner sees only its own jobs; another's is like one that never was.</summary>
public sealed class OwnersTests : IAsyncLifetime
{
    private RunningStandalone _server = null!;
    private SeedClient _ann = null!;
    private SeedClient _ben = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await RunningStandalone.StartAsync(
            "--Auth:Tokens:0:Owner=ann", "--Auth:Tokens:0:Token=anns-token",
            "--Auth:Tokens:1:Owner=ben", "--Auth:Tokens:1:TokenSha256=" + Sha256("bens-token"));
        _ann = new SeedClient(_server.Http, "anns-token");
        _ben = new SeedClient(_server.Http, "bens-token");
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Another_owners_job_is_like_an_unknown_one()
    {
        var id = (await _ann.CallAsync("generate_image_and_wait", new { prompt = "ann's" })).Text("job_id");

        var status = await _ben.CallAsync("get_job_status", new { job_id = id });
        var wait = await _ben.CallAsync("wait_for_completion", new { job_id = id });
        var jobs = await _ben.CallAsync("list_jobs", new { });
        var generations = await _ben.CallAsync("list_generations", new { });

        var cancel = await _ben.CallAsync("cancel_job", new { job_id = id });
        var delete = await _ben.CallAsync("delete_generation", new { job_id = id });

        Assert.Equal("Job not found", status.Error);
        Assert.Equal("One or more jobs not found", cancel.Error);
        Assert.Equal("Job not found", delete.Error);
        Assert.Equal("One or more jobs not found", wait.Error);
        Assert.Equal(0, jobs.Number("total_count"));
        Assert.Equal(0, generations.Number("total_count"));
        Assert.Equal(1, (await _ann.CallAsync("list_jobs", new { })).Number("total_count"));
    }

    private static string Sha256(string token) =>
        Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(token)));
}
