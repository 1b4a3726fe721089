using System.Text.Json;
using McpImageGen.Tests.Testing;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace McpImageGen.Tests.Standalone;

/// <summary>The real C# MCP client against the standalone server.</summary>
public sealed class McpClientTests(SharedStandalone standalone) : IClassFixture<SharedStandalone>
{
    [Fact]
    public async Task CSharp_client_lists_the_tools()
    {
        await using var client = await ConnectAsync("/mcp");

        var tools = await client.ListToolsAsync(cancellationToken: TestContext.Current.CancellationToken);

        string[] six = ["generate_image", "generate_image_and_wait", "get_job_status", "list_generations", "list_jobs", "wait_for_completion"];
        Assert.Subset(tools.Select(tool => tool.Name).ToHashSet(), six.ToHashSet());
    }

    [Theory]
    [InlineData("/mcp")]
    [InlineData("/sse")]
    public async Task CSharp_client_generates_and_downloads_images(string path)
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

    [Theory]
    [InlineData("2024-11-05", HttpTransportMode.Sse)]
    [InlineData("2024-11-05", HttpTransportMode.StreamableHttp)]
    [InlineData("2025-03-26", HttpTransportMode.StreamableHttp)]
    [InlineData("2025-06-18", HttpTransportMode.StreamableHttp)]
    [InlineData("2025-11-25", HttpTransportMode.StreamableHttp)]
    [InlineData("2026-07-28", HttpTransportMode.StreamableHttp)]
    public async Task CSharp_client_works_with_every_protocol_version_and_transport(string version, HttpTransportMode transport)
    {
        await using var client = await ConnectAsync(transport == HttpTransportMode.Sse ? "/sse" : "/mcp", version, transport);

        Assert.Equal(version, client.NegotiatedProtocolVersion);
        Assert.NotEmpty(await client.ListToolsAsync(cancellationToken: TestContext.Current.CancellationToken));
        var result = await client.CallToolAsync(
            "generate_image_and_wait",
            new Dictionary<string, object?> { ["prompt"] = "a paper boat" },
            cancellationToken: TestContext.Current.CancellationToken);
        var id = JsonElement.Parse(result.Content.OfType<TextContentBlock>().First().Text).GetProperty("job_id").GetString();
        var image = await client.ReadResourceAsync($"image://{id}", cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal("image/jpeg", Assert.Single(image.Contents).MimeType);
        Assert.NotEmpty((await client.ListPromptsAsync(cancellationToken: TestContext.Current.CancellationToken)));
    }

    [Fact]
    public async Task CSharp_client_gets_the_error_for_invalid_arguments()
    {
        await using var client = await ConnectAsync("/mcp");

        var result = await client.CallToolAsync(
            "generate_image",
            new Dictionary<string, object?> { ["prompt"] = "a paper boat", ["count"] = 50 },
            cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(true, result.IsError);
        Assert.Contains("from 1 to 20", Assert.IsType<TextContentBlock>(Assert.Single(result.Content)).Text, StringComparison.Ordinal);
    }

    private async Task<McpClient> ConnectAsync(
        string path, string? version = null, HttpTransportMode transport = HttpTransportMode.StreamableHttp) => await McpClient.CreateAsync(
        new HttpClientTransport(new HttpClientTransportOptions
        {
            Endpoint = new Uri(standalone.Server.Http.BaseAddress!, path),
            TransportMode = transport,
            AdditionalHeaders = new Dictionary<string, string> { ["Authorization"] = "Bearer " + standalone.Server.Token },
        }),
        new McpClientOptions { ProtocolVersion = version },
        cancellationToken: TestContext.Current.CancellationToken);
}
