using System.Text.Json;
using McpImageGen.Tests.Testing;

namespace McpImageGen.Tests.Standalone;

/// <summary>Each owner sees only its own jobs; another's is like one that never was.</summary>
public sealed class OwnersTests : IAsyncLifetime
{
    private RunningStandalone _server = null!;
    private FetchClient _ann = null!;
    private FetchClient _ben = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await RunningStandalone.StartAsync(
            "--Auth:Tokens:0:Owner=ann", "--Auth:Tokens:0:Token=anns-token",
            "--Auth:Tokens:1:Owner=ben", "--Auth:Tokens:1:TokenSha256=" + Sha256("bens-token"));
        _ann = new FetchClient(_server.Http, "anns-token");
        _ben = new FetchClient(_server.Http, "bens-token");
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Theory]
    [InlineData("done")]
    [InlineData("refused [fault:prompt-rejected]")]
    [InlineData("under way [latency:1m]")]
    [InlineData("cancelled [latency:1m]")]
    public async Task Every_tool_treats_a_job_of_another_owner_as_unknown(string prompt)
    {
        var anns = (await _ann.CallAsync("generate_image", new { prompt })).Text("job_id");
        if (prompt.StartsWith("cancelled", StringComparison.Ordinal))
            await _ann.CallAsync("cancel_job", new { job_id = anns });
        else if (prompt.StartsWith("under way", StringComparison.Ordinal))
            await Until.HoldsAsync(() => _ann.CallAsync("get_job_status", new { job_id = anns }), job => job.Text("status") == "processing", "a worker claimed the job");
        else
            await _ann.CallAsync("wait_for_completion", new { job_id = anns });
        var before = (await _ann.CallAsync("get_job_status", new { job_id = anns })).Text("status");
        var unknown = Guid.CreateVersion7().ToString();
        var tried = new List<string>();

        foreach (var tool in (await _ben.RequestAsync("tools/list")).GetProperty("result").GetProperty("tools").EnumerateArray())
        {
            var name = tool.GetProperty("name").GetString()!;
            var schema = tool.GetProperty("inputSchema").GetProperty("properties");
            foreach (var argument in schema.EnumerateObject().Where(argument => argument.Name.StartsWith("job_id", StringComparison.Ordinal)))
            {
                tried.Add($"{name} {argument.Name}");
                var of = (await CallWithAsync(_ben, name, schema, argument.Name, anns)).ToString();
                Assert.Equal((await CallWithAsync(_ben, name, schema, argument.Name, unknown)).ToString().Replace(unknown, anns, StringComparison.Ordinal), of);
                Assert.Contains("not found", of, StringComparison.Ordinal);
            }
        }

        Assert.Equal(
            [
                "cancel_job job_id", "cancel_job job_ids", "delete_generation job_id", "edit_image job_ids", "edit_image_and_wait job_ids",
                "get_job_status job_id", "wait_for_completion job_id", "wait_for_completion job_ids",
            ],
            tried.Order(StringComparer.Ordinal));
        Assert.Equal(before, (await _ann.CallAsync("get_job_status", new { job_id = anns })).Text("status"));
        Assert.Equal(0, (await _ben.CallAsync("list_jobs", new { })).Number("total_count"));
        Assert.Equal(0, (await _ben.CallAsync("list_generations", new { })).Number("total_count"));
    }

    [Fact]
    public async Task Every_resource_treats_a_job_of_another_owner_as_unknown()
    {
        var anns = (await _ann.CallAsync("generate_image_and_wait", new { prompt = "ann's" })).Text("job_id");
        var unknown = Guid.CreateVersion7().ToString();
        var templates = (await _ben.RequestAsync("resources/templates/list")).GetProperty("result").GetProperty("resourceTemplates");

        Assert.Equal(2, templates.GetArrayLength());
        foreach (var template in templates.EnumerateArray().Select(template => template.GetProperty("uriTemplate").GetString()!))
        {
            var of = await _ben.RequestAsync("resources/read", new { uri = template.Replace("{job_id}", anns, StringComparison.Ordinal) });
            var ofUnknown = await _ben.RequestAsync("resources/read", new { uri = template.Replace("{job_id}", unknown, StringComparison.Ordinal) });
            Assert.Equal(ofUnknown.ToString().Replace(unknown, anns, StringComparison.Ordinal), of.ToString());
            Assert.True(of.TryGetProperty("error", out _));
        }

        var listed = (await _ben.RequestAsync("resources/list")).GetProperty("result").ToString();
        Assert.DoesNotContain(anns, listed, StringComparison.Ordinal);
    }

    private static Task<JsonElement> CallWithAsync(FetchClient client, string tool, JsonElement schema, string argument, string jobId)
    {
        var arguments = new Dictionary<string, object> { [argument] = argument == "job_ids" ? new[] { jobId } : jobId };
        if (schema.TryGetProperty("prompt", out _))
            arguments["prompt"] = "a hat on it";
        return client.RequestAsync("tools/call", new { name = tool, arguments });
    }

    private static string Sha256(string token) =>
        Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(token)));
}
