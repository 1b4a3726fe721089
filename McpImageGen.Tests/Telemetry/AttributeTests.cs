using System.Text.Json;
using McpImageGen.Tests.Testing;

namespace McpImageGen.Tests.Telemetry;

/// <summary>A client cannot fill the memory of the server or of the collector with attributes of its own choice.</summary>
[Collection<ProcessWide>]
public sealed class AttributeTests
{
    private const int MaxKept = 60_000_000;
    private static readonly string Long = new('x', 450_000);

    [Fact]
    public async Task Names_invented_by_a_client_are_not_in_metric_attributes()
    {
        await using var collector = await Collector.StartAsync();
        await using (var server = await StartAsync(collector))
        {
            for (var i = 0; i < 20; i++)
            {
                await server.Client.RequestAsync($"made-up-{i}");
                await server.Client.RequestAsync("tools/call", new { name = $"made-up-{i}", arguments = new { } });
                await server.Client.RequestAsync("prompts/get", new { name = $"made-up-{i}" });
                await server.Client.RequestAsync("resources/read", new { uri = $"made-up-{i}://x" });
                await server.Client.PostAsync(JsonSerializer.Serialize(new { jsonrpc = "2.0", method = $"notifications/made-up-{i}" }));
                await server.Client.PostAsync($$"""[{"jsonrpc":"2.0","id":1,"method":"made-up-{{i}}"},{"jsonrpc":"2.0","method":"made-up-{{i}}"}]""");
                await server.Client.RequestAsync("tools/list", new { _meta = new Dictionary<string, string> { ["io.modelcontextprotocol/protocolVersion"] = $"made-up-{i}" } });
            }

            using var stream = await SseClient.OpenAsync(server.Http, server.Token);
            using var posted = await stream.PostAsync(new { jsonrpc = "2.0", id = 1, method = "made-up-on-a-stream" });
            Assert.Equal(-32601, (await stream.MessageAsync()).GetProperty("error").GetProperty("code").GetInt32());
            await server.Client.CallAsync("list_jobs", new { });
        }

        Assert.True(collector.Holds("mcp.server.operation.duration", "/v1/metrics"));
        Assert.True(collector.Holds("_OTHER", "/v1/metrics"));
        Assert.True(collector.Holds("list_jobs", "/v1/metrics"));
        Assert.False(collector.Holds("made-up", "/v1/metrics"));
        Assert.False(collector.Holds("mcp.resource.uri"));
    }

    [Fact]
    public async Task Unknown_names_are_not_in_traces()
    {
        await using var collector = await Collector.StartAsync();
        await using (var server = await StartAsync(collector))
        {
            await server.Client.RequestAsync("made-up");
            await server.Client.RequestAsync("tools/call", new { name = "made-up", arguments = new { } });
            await server.Client.RequestAsync("prompts/get", new { name = "made-up" });
            await server.Client.RequestAsync("resources/read", new { uri = "made-up://x" });
        }

        Assert.True(collector.Holds("tools/call _OTHER", "/v1/traces"));
        Assert.False(collector.Holds("made-up"));
    }

    [Fact]
    public async Task Long_method_names_are_rejected_without_memory_growth()
    {
        await using var collector = await Collector.StartAsync();
        await using var server = await StartAsync(collector);
        await server.Client.CallAsync("list_jobs", new { });
        var before = GC.GetTotalMemory(forceFullCollection: true);

        for (var i = 0; i < 200; i++)
        {
            var answer = await server.Client.RequestAsync($"{Long}{i}");
            Assert.Equal(-32600, answer.GetProperty("error").GetProperty("code").GetInt32());
        }

        GC.Collect();
        GC.WaitForPendingFinalizers();
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, MaxKept);
    }

    [Theory]
    [InlineData("tools/call", """{"name":"LONG","arguments":{}}""")]
    [InlineData("tools/call", """{"name":"list_jobs","arguments":{"LONG":1}}""")]
    [InlineData("prompts/get", """{"name":"LONG"}""")]
    [InlineData("prompts/get", """{"name":"series","arguments":{"LONG":"1"}}""")]
    [InlineData("resources/read", """{"uri":"job://LONG"}""")]
    [InlineData("completion/complete", """{"ref":{"type":"ref/prompt","name":"LONG"},"argument":{"name":"model","value":""}}""")]
    [InlineData("completion/complete", """{"ref":{"type":"ref/prompt","name":"series"},"argument":{"name":"LONG","value":""}}""")]
    [InlineData("tools/list", """{"_meta":{"io.modelcontextprotocol/protocolVersion":"LONG"}}""")]
    public async Task Long_name_in_the_parameters_is_rejected_as_an_invalid_parameter(string method, string parameters)
    {
        await using var server = await RunningStandalone.StartAsync();

        var answer = await server.Client.RequestAsync(method, JsonElement.Parse(parameters.Replace("LONG", Long, StringComparison.Ordinal)));

        Assert.Equal(-32602, answer.GetProperty("error").GetProperty("code").GetInt32());
        Assert.True(answer.GetRawText().Length < 1_000);
    }

    [Fact]
    public async Task Long_request_id_is_rejected_and_not_repeated_in_the_response()
    {
        await using var server = await RunningStandalone.StartAsync();

        using var response = await server.Client.PostAsync($$"""{"jsonrpc":"2.0","id":"{{Long}}","method":"ping"}""");

        Assert.Equal(400, (int)response.StatusCode);
        Assert.True((await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).Length < 1_000);
    }

    [Fact]
    public async Task Unknown_names_return_the_error_code_with_protocol_2026_07_28()
    {
        await using var server = await RunningStandalone.StartAsync();

        var method = await server.Client.RequestOf2026Async("made/up", null, new { });
        var tool = await server.Client.RequestOf2026Async("tools/call", "made_up", new { name = "made_up", arguments = new { } });

        Assert.Equal(-32601, method.GetProperty("error").GetProperty("code").GetInt32());
        Assert.Equal(-32602, tool.GetProperty("error").GetProperty("code").GetInt32());
        Assert.Contains("generate_image_and_wait", tool.GetProperty("error").GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    private static Task<RunningStandalone> StartAsync(Collector collector) => RunningStandalone.StartAsync(
        "--OTEL_EXPORTER_OTLP_ENDPOINT=" + collector.Address, "--OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf", "--OTEL_METRIC_EXPORT_INTERVAL=500");
}
