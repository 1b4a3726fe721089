using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.RegularExpressions;
using McpImageGen.Tests.Testing;

namespace McpImageGen.Tests.Clients;

/// <summary>
/// Programs that others wrote, as users have them, against the server as users start it. Those that need a model ask one on this machine
/// that does as the story says (Model/model.mjs).
/// </summary>
[Slow]
public sealed partial class RealClientTests(ClientStories stories, ClientsTable table) : IClassFixture<ClientStories>, IClassFixture<ClientsTable>
{
    [Theory]
    [MemberData(nameof(ClientStories.Clients), MemberType = typeof(ClientStories))]
    public async Task Client_passes_every_tool_and_argument_to_its_model(string client)
    {
        var story = await stories.OfAsync(client);

        table.Add(client, story);
        Assert.Empty(story.AuthChallenges);
        Assert.Equal(11, story.Tools.Count);
        Assert.Superset(
            new HashSet<string> { "prompt", "model", "count", "seed", "width", "height", "steps", "negative_prompt", "guidance", "idempotency_key", "timeout_seconds", "inline" },
            story.Arguments.ToHashSet());
    }

    [Theory]
    [MemberData(nameof(ClientStories.Clients), MemberType = typeof(ClientStories))]
    public async Task Client_generates_an_image_and_gets_a_working_link(string client)
    {
        var story = await stories.OfAsync(client);

        Assert.True(await IsImageAsync(story.LinkIn("generate")), story.Seen("generate"));
    }

    [Theory]
    [MemberData(nameof(ClientStories.Clients), MemberType = typeof(ClientStories))]
    public async Task Client_edits_an_earlier_image(string client)
    {
        var story = await stories.OfAsync(client);

        Assert.NotEqual(story.LinkIn("generate"), story.LinkIn("edit"));
        Assert.True(await IsImageAsync(story.LinkIn("edit")), story.Seen("edit"));
    }

    [Theory]
    [MemberData(nameof(ClientStories.Clients), MemberType = typeof(ClientStories))]
    public async Task Client_lists_its_generated_images(string client)
    {
        var story = await stories.OfAsync(client);

        var list = story.Seen("list");
        Assert.Contains(story.JobIn("generate")!, list, StringComparison.Ordinal);
        Assert.Contains(story.JobIn("edit")!, list, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(ClientStories.Clients), MemberType = typeof(ClientStories))]
    public async Task Model_gets_the_reason_for_a_rejected_call(string client)
    {
        var story = await stories.OfAsync(client);

        Assert.Contains("guidance", story.Seen("error"), StringComparison.Ordinal);
        Assert.Contains("flux-schnell", story.Seen("error"), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(ClientStories.Clients), MemberType = typeof(ClientStories))]
    public async Task Result_mentions_inline_images_only_if_the_model_gets_them(string client)
    {
        var story = await stories.OfAsync(client);

        Assert.NotNull(story.LinkIn("inline"));
        if (!story.SawImage("inline"))
            Assert.DoesNotContain("images are in this answer", story.Seen("inline"), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(ClientStories.McpClients), MemberType = typeof(ClientStories))]
    public async Task Image_is_available_after_the_wait_timed_out(string client)
    {
        var story = await stories.OfAsync(client);

        Assert.Contains("timed_out", story.Seen("wait"), StringComparison.Ordinal);
        Assert.True(await IsImageAsync(story.LinkIn("rest")), story.Seen("rest"));
    }

    [Theory]
    [MemberData(nameof(ClientStories.ImpatientClients), MemberType = typeof(ClientStories))]
    public async Task Repeated_call_with_the_same_idempotency_key_gets_the_job_of_the_abandoned_call(string client)
    {
        var story = await stories.InAHurryAsync(client);

        Assert.Null(story.LinkIn("lost"));
        Assert.NotNull(story.JobIn("found"));
        Assert.Equal(1, story.TotalIn("list"));
    }

    /// <summary>It takes a refused token for a request to sign in, and shows what it is told where it tries that.</summary>
    [Theory]
    [InlineData("http-first")]
    [InlineData("sse-only")]
    public async Task Mcp_remote_shows_that_the_token_is_invalid(string transport)
    {
        await using var program = ClientProgram.Start();

        var said = await program.RunAsync("node", ["wrong-token.mjs", "--transport", transport]);

        Assert.Contains("The bearer token is missing or is not valid for this server", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Claude_Code_reports_the_server_as_connected() =>
        Assert.Contains("Connected", (await stories.OfAsync("Claude Code")).ServerList, StringComparison.Ordinal);

    /// <summary>Or else that it refuses nothing of what the server declares would say nothing.</summary>
    [Fact]
    public async Task Scripted_model_rejects_what_the_real_model_APIs_reject()
    {
        await using var program = ClientProgram.Start();

        var answers = JsonElement.Parse(await program.RunAsync("node", ["Model/check.mjs"]));

        Assert.NotEmpty(answers.EnumerateObject());
        Assert.All(answers.EnumerateObject(), answer => Assert.StartsWith("400 ", answer.Value.GetString(), StringComparison.Ordinal));
    }

    /// <summary>The suite ends well when what fails is what the list says, no more and no less; the list gives the reasons.</summary>
    [Theory]
    [InlineData("2025-11-25")]
    [InlineData("2026-07-28")]
    public async Task Conformance_suite_reports_only_expected_failures(string revision)
    {
        // The suite sends no token.
        await using var program = ClientProgram.Start("--Auth:Anonymous=true");

        var output = await program.RunAsync(
            "conformance", ["server", "--url", "URL", "--requirements", revision, "--expected-failures", $"conformance-{revision}.yml"]);

        var scenarios = output.Split('\n').Where(line => Scenario().IsMatch(line)).ToList();
        var passed = scenarios.Count(line => line.StartsWith('✓'));
        Assert.NotEqual(0, passed);
        table.AddConformance(
            ClientProgram.VersionOf("@modelcontextprotocol/conformance"),
            revision,
            $"{passed} of {scenarios.Count}; [expected failures](../McpImageGen.Tests/Clients/conformance-{revision}.yml)");
    }

    private static async Task<bool> IsImageAsync(Uri? link)
    {
        if (link is null)
            return false;
        using var http = new HttpClient();
        using var answer = await http.GetAsync(link, TestContext.Current.CancellationToken);
        var bytes = await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        return answer.IsSuccessStatusCode && answer.Content.Headers.ContentType is MediaTypeHeaderValue { MediaType: "image/jpeg" } && bytes is [0xFF, 0xD8, 0xFF, ..];
    }

    /// <summary>A line of the suite's summary about a scenario of which it could check something.</summary>
    [GeneratedRegex(@"^[✓✗] \S+: (?!0 passed, 0 failed)\d+ passed, \d+ failed")]
    private static partial Regex Scenario();
}
