using System.Text.Json;
using McpImageGen.Tests.Testing;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace McpImageGen.Tests.Standalone;

/// <summary>The real C# MCP client against the standalone server.</summary>
public sealed class McpClientTests(SharedStandalone standalone) : IClassFixture<SharedStandalone>
{
    [Fact]
    public async Task It_lists_the_tools()
    {
        await using var client = await ConnectAsync("/mcp");

        var tools = await client.ListToolsAsync(cancellationToken: TestContext.Current.CancellationToken);

        string[] six = ["generate_image", "generate_image_and_wait", "get_job_status", "list_generations", "list_jobs", "wait_for_completion"];
        Assert.Subset(tools.Select(tool => tool.Name).ToHashSet(), six.ToHashSet());
    }

    [Theory]
    [InlineData("/mcp")]
    [InlineData("/sse")]
    public async Task It_generates_an_image_and_fetches_it(string path)
    {
        await using var client = await ConnectAsync(path);

        var result = await client.CallToolAsync(
            "generate_image_and_wait",
            new Dictionary<string, object?> { ["prompt"] = "a paper boat", ["count"] = 2 },
            cancellationToken: TestContext.Current.CancellationToken);

        Assert.NotEqual(true, result.IsError);
        var answer = JsonElement.Parse(Assert.IsType<TextContentBlock>(result.Content[0]).Text);
        foreach (var image in answer.GetProperty("results").EnumerateArray())
        {
            var bytes = await standalone.Server.Http.GetByteArrayAsync(
                image.GetProperty("image_url").GetString(), TestContext.Current.CancellationToken);
            Assert.Equal([0xFF, 0xD8, 0xFF], bytes[..3]);
        }
    }

    [Fact]
    public async Task It_is_told_what_is_wrong_with_its_arguments()
    {
        await using var client = await ConnectAsync("/mcp");

        var result = await client.CallToolAsync(
            "generate_image",
            new Dictionary<string, object?> { ["prompt"] = "a paper boat", ["count"] = 50 },
            cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(true, result.IsError);
        Assert.Contains("from 1 to 20", Assert.IsType<TextContentBlock>(Assert.Single(result.Content)).Text, StringComparison.Ordinal);
    }

    private async Task<McpClient> ConnectAsync(string path) => await McpClient.CreateAsync(
        new HttpClientTransport(new HttpClientTransportOptions
        {
            Endpoint = new Uri(standalone.Server.Http.BaseAddress!, path),
            TransportMode = HttpTransportMode.StreamableHttp,
            AdditionalHeaders = new Dictionary<string, string> { ["Authorization"] = "Bearer " + standalone.Server.Token },
        }),
        cancellationToken: TestContext.Current.CancellationToken);
}
