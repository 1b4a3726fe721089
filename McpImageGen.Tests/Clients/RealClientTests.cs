using System.Text.Json;
using System.Text.RegularExpressions;

namespace McpImageGen.Tests.Clients;

/// <summary>Programs that others wrote, as users have them, against the server as users start it.</summary>
public sealed partial class RealClientTests(ClientsTable table) : IClassFixture<ClientsTable>
{
    [Theory]
    [InlineData("TypeScript SDK 1.x", "typescript-1.mjs")]
    [InlineData("TypeScript SDK 2.x", "typescript-2.mjs")]
    [InlineData("MCP Inspector, command line", "inspector.mjs")]
    [InlineData("mcp-remote", "mcp-remote.mjs", "--transport", "http-only")]
    [InlineData("mcp-remote, older transport", "mcp-remote.mjs", "--transport", "sse-only")]
    [InlineData("Node.js fetch, no library", "fetch.mjs")]
    [InlineData("curl", "curl.mjs")]
    public async Task It_lists_the_tools_generates_an_image_and_fetches_it(string client, string script, params string[] arguments)
    {
        await using var program = ClientProgram.Start();

        var seen = JsonElement.Parse(await program.NodeAsync(script, arguments));

        var tools = seen.GetProperty("tools").EnumerateArray().Select(tool => tool.GetString()).ToList();
        Assert.Contains("generate_image_and_wait", tools);
        var link = new Uri(seen.GetProperty("image_url").GetString()!);
        Assert.StartsWith("/images/", link.AbsolutePath, StringComparison.Ordinal);
        var image = seen.GetProperty("image").GetBytesFromBase64();
        Assert.Equal([0xFF, 0xD8, 0xFF], image[..3]);
        table.Add(
            client,
            seen.GetProperty("version").GetString()!,
            seen.TryGetProperty("protocol", out var protocol) ? protocol.GetString() : null,
            $"listed {tools.Count} tools, generated an image and waited for it, showed the link, fetched the image");
    }

    /// <summary>It takes a refused token for a request to sign in, and shows what it is told where it tries that.</summary>
    [Theory]
    [InlineData("http-first")]
    [InlineData("sse-only")]
    public async Task Mcp_remote_tells_its_user_that_the_token_is_wrong(string transport)
    {
        await using var program = ClientProgram.Start();

        var said = await program.NodeAsync("wrong-token.mjs", "--transport", transport);

        Assert.Contains("The bearer token is missing or is not one of this server's", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Claude_Code_connects()
    {
        await using var program = ClientProgram.Start();

        var seen = JsonElement.Parse(await program.NodeAsync("claude.mjs"));

        Assert.Contains("Connected", seen.GetProperty("list").GetString(), StringComparison.Ordinal);
        table.Add("Claude Code", seen.GetProperty("version").GetString()!, null, "`claude mcp add`, and `claude mcp list` says Connected");
    }

    /// <summary>The suite ends well when what fails is what the list says, no more and no less; the list gives the reasons.</summary>
    [Theory]
    [InlineData("2025-11-25")]
    [InlineData("2026-07-28")]
    public async Task The_conformance_suite_finds_only_what_is_known(string revision)
    {
        // The suite sends no token.
        await using var program = ClientProgram.Start("--Auth:Anonymous=true");

        var output = await program.RunAsync(
            "conformance", "server", "--url", "URL", "--requirements", revision, "--expected-failures", $"conformance-{revision}.yml");

        var scenarios = output.Split('\n').Where(line => Scenario().IsMatch(line)).ToList();
        var passed = scenarios.Count(line => line.StartsWith('✓'));
        Assert.NotEqual(0, passed);
        table.Add(
            "conformance suite",
            ClientProgram.VersionOf("@modelcontextprotocol/conformance"),
            revision,
            $"{passed} of {scenarios.Count} scenarios pass; [why not the others that count](../McpImageGen.Tests/Clients/conformance-{revision}.yml)");
    }

    /// <summary>A line of the suite's summary about a scenario of which it could check something.</summary>
    [GeneratedRegex(@"^[✓✗] \S+: (?!0 passed, 0 failed)\d+ passed, \d+ failed")]
    private static partial Regex Scenario();
}
