using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace McpImageGen.Tests.Clients;

/// <summary>
/// Programs that others wrote, as users have them, against the server as users start it. Those that need a model ask one on this machine
/// that does as the story says (Model/model.mjs).
/// </summary>
public sealed partial class RealClientTests(ClientStories stories, ClientsTable table) : IClassFixture<ClientStories>, IClassFixture<ClientsTable>
{
    [Theory]
    [MemberData(nameof(ClientStories.Clients), MemberType = typeof(ClientStories))]
    public async Task It_offers_its_model_every_tool_and_argument_and_the_models_API_takes_them(string client)
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
    public async Task It_generates_an_image_and_gets_a_link_that_opens(string client)
    {
        var story = await stories.OfAsync(client);

        Assert.True(await IsImageAsync(story.LinkIn("generate")), story.Seen("generate"));
    }

    [Theory]
    [MemberData(nameof(ClientStories.Clients), MemberType = typeof(ClientStories))]
    public async Task It_makes_another_image_from_an_earlier_one(string client)
    {
        var story = await stories.OfAsync(client);

        Assert.NotEqual(story.LinkIn("generate"), story.LinkIn("edit"));
        Assert.True(await IsImageAsync(story.LinkIn("edit")), story.Seen("edit"));
    }

    [Theory]
    [MemberData(nameof(ClientStories.Clients), MemberType = typeof(ClientStories))]
    public async Task It_lists_the_images_that_it_made(string client)
    {
        var story = await stories.OfAsync(client);

        var list = story.Seen("list");
        Assert.Contains(story.JobIn("generate")!, list, StringComparison.Ordinal);
        Assert.Contains(story.JobIn("edit")!, list, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(ClientStories.Clients), MemberType = typeof(ClientStories))]
    public async Task Its_model_reads_why_the_server_refuses_a_call(string client)
    {
        var story = await stories.OfAsync(client);

        Assert.Contains("guidance", story.Seen("error"), StringComparison.Ordinal);
        Assert.Contains("flux-schnell", story.Seen("error"), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(ClientStories.Clients), MemberType = typeof(ClientStories))]
    public async Task What_the_answer_says_of_the_images_in_it_is_true_for_its_model(string client)
    {
        var story = await stories.OfAsync(client);

        Assert.NotNull(story.LinkIn("inline"));
        if (!story.SawImage("inline"))
            Assert.DoesNotContain("images are in this answer", story.Seen("inline"), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(ClientStories.McpClients), MemberType = typeof(ClientStories))]
    public async Task An_image_that_takes_longer_than_the_client_waits_is_not_lost(string client)
    {
        var story = await stories.OfAsync(client);

        Assert.Contains("timed_out", story.Seen("wait"), StringComparison.Ordinal);
        Assert.True(await IsImageAsync(story.LinkIn("rest")), story.Seen("rest"));
    }

    [Theory]
    [MemberData(nameof(ClientStories.ImpatientClients), MemberType = typeof(ClientStories))]
    public async Task A_call_that_the_client_gave_up_finds_its_image_when_it_is_made_again_with_its_key(string client)
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
    public async Task Mcp_remote_tells_its_user_that_the_token_is_wrong(string transport)
    {
        await using var program = ClientProgram.Start();

        var said = await program.RunAsync("node", ["wrong-token.mjs", "--transport", transport]);

        Assert.Contains("The bearer token is missing or is not valid for this server", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Claude_Code_says_that_it_is_connected() =>
        Assert.Contains("Connected", (await stories.OfAsync("Claude Code")).ServerList, StringComparison.Ordinal);

    /// <summary>Or else that it refuses nothing of what the server declares would say nothing.</summary>
    [Fact]
    public async Task The_model_on_this_machine_refuses_what_the_real_APIs_refuse()
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
    public async Task The_conformance_suite_finds_only_what_is_known(string revision)
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
