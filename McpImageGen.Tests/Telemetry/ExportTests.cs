using McpImageGen.Tests.Testing;

namespace McpImageGen.Tests.Telemetry;

/// <summary>What leaves the process by OTLP when the standard variables say where to.</summary>
[Collection<ProcessWide>]
public sealed class ExportTests
{
    private const string Prompt = "a heron that nobody may hear of";

    [Fact]
    public async Task Exported_traces_and_metrics_contain_no_prompt_token_or_image_key()
    {
        await using var collector = await Collector.StartAsync();
        var (token, path) = await UseAsync(
            "--OTEL_EXPORTER_OTLP_ENDPOINT=" + collector.Address,
            "--OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf",
            "--OTEL_SERVICE_NAME=the-standalone-server");

        Assert.All(
            ["claim job", "generate_content flux-schnell", "store image", "signal job", "tools/call generate_image_and_wait", "GET /images/{key}", "the-standalone-server"],
            name => Assert.True(collector.Holds(name, "/v1/traces"), name));
        Assert.All(
            ["mcpimagegen.job.finished", "mcpimagegen.job.unfinished", "mcpimagegen.job.queue.duration", "gen_ai.client.operation.duration", "mcpimagegen.wait.active"],
            name => Assert.True(collector.Holds(name, "/v1/metrics"), name));
        Assert.All(
            [Prompt, token, Path.GetFileNameWithoutExtension(path)],
            secret => Assert.False(collector.Holds(secret), secret));
    }

    /// <summary>A server that did this and that and was stopped, by when it has sent everything.</summary>
    private static async Task<(string Token, string Path)> UseAsync(params string[] settings)
    {
        await using var server = await RunningStandalone.StartAsync(settings);
        var done = await server.Client.CallAsync("generate_image_and_wait", new { prompt = Prompt });
        await server.Client.CallAsync("generate_image_and_wait", new { prompt = Prompt + " [fault:prompt-rejected]" });
        var path = new Uri(done.Text("image_url")).AbsolutePath;
        await server.Http.GetByteArrayAsync(path, TestContext.Current.CancellationToken);
        return (server.Token, path);
    }
}
