using System.Text.Json;
using McpImageGen.Tests.Testing;

namespace McpImageGen.Tests.Standalone;

/// <summary>What clients and models send in another form than the schema's is taken as what they mean. What cannot be meant: <see cref="BadInputTests"/>.</summary>
public sealed class LenientArgumentsTests(SharedStandalone standalone) : IClassFixture<SharedStandalone>
{
    private const string Unknown = "01890000-0000-7000-8000-000000000000";

    private FetchClient Client => standalone.Server.Client;

    [Theory]
    [InlineData("2")]
    [InlineData("2.0")]
    [InlineData("0.2e1")]
    [InlineData("\"2\"")]
    [InlineData("\"2.0\"")]
    public async Task Whole_number_in_any_notation_is_accepted_as_an_integer(string count)
    {
        var started = await CallAsync("generate_image", $$"""{"prompt":"a boat","count":{{count}}}""");

        Assert.Equal(2, started.Number("count"));
    }

    [Theory]
    [InlineData("null")]
    [InlineData("\"\"")]
    [InlineData("[]")]
    public async Task Null_empty_text_and_empty_list_omit_an_optional_argument(string nothing)
    {
        string[] optional = ["model", "count", "seed", "width", "height", "steps", "negative_prompt", "guidance", "idempotency_key", "timeout_seconds", "inline"];
        var arguments = string.Join(',', optional.Select(name => $"\"{name}\":{nothing}"));

        var made = await CallAsync("generate_image_and_wait", $$"""{"prompt":"a boat",{{arguments}}}""");

        Assert.True(made.Success, made.Raw);
        Assert.Equal("flux-schnell", made.Text("model"));
        var status = await Client.CallAsync("get_job_status", new { job_id = made.Text("job_id") });
        Assert.Equal(["seed"], status.Json.GetProperty("parameters").EnumerateObject().Select(parameter => parameter.Name));
    }

    [Fact]
    public async Task Numbers_sent_as_text_are_converted_to_numbers()
    {
        var started = await CallAsync(
            "generate_image",
            """{"prompt":"a boat","model":"sdxl-lightning","seed":"7","width":"512","height":256.0,"steps":"6.0","guidance":"3.5","negative_prompt":"7"}""");

        var status = await Client.CallAsync("get_job_status", new { job_id = started.Text("job_id") });
        Assert.Equal(
            """{"negative_prompt":"7","width":512,"height":256,"steps":6,"guidance":3.5,"seed":7}""", JsonSerializer.Serialize(status.Json.GetProperty("parameters")));
    }

    [Theory]
    [InlineData("true", true)]
    [InlineData("\"true\"", true)]
    [InlineData("\"True\"", true)]
    [InlineData("\"false\"", false)]
    public async Task Booleans_sent_as_text_are_accepted(string inline, bool isTrue)
    {
        var made = await CallAsync("generate_image_and_wait", $$"""{"prompt":"a boat","inline":{{inline}}}""");

        Assert.Equal(isTrue, made.Fields.Contains("inline"));
    }

    [Fact]
    public async Task List_sent_as_JSON_text_is_accepted_and_an_empty_list_next_to_a_job_id_is_ignored()
    {
        var ids = (await Client.CallAsync("generate_image", new { prompt = "boats", count = 2 })).List("job_ids").Select(id => id.GetString()).ToList();

        var several = await Client.CallAsync("wait_for_completion", new { job_ids = JsonSerializer.Serialize(ids), job_id = "" });
        var one = await Client.CallAsync("wait_for_completion", new { job_id = ids[0]!.ToUpperInvariant() + " ", job_ids = Array.Empty<string>(), timeout_seconds = "60" });

        Assert.Equal(ids, several.List("results").Select(result => result.GetProperty("job_id").GetString()));
        Assert.Equal(ids[0], one.Text("job_id"));
    }

    [Fact]
    public async Task Unknown_arguments_are_ignored_and_listed()
    {
        var listed = await CallAsync("list_models", """{"wait_for_previous":true}""");
        var started = await CallAsync("generate_image", """{"prompt":"a boat","toolCallId":"call_1","size":{"big":1}}""");

        Assert.True(listed.Success);
        Assert.Equal(["wait_for_previous"], Ignored(listed));
        Assert.Equal("pending", started.Text("status"));
        Assert.Equal(["toolCallId", "size"], Ignored(started));
        Assert.DoesNotContain("hint", started.Fields);
    }

    [Theory]
    [InlineData("step", "steps")]
    [InlineData("Width", "width")]
    [InlineData("negativePrompt", "negative_prompt")]
    [InlineData("idempotency-key", "idempotency_key")]
    [InlineData("negative", "negative_prompt")]
    [InlineData("modell", "model")]
    public async Task Misspelled_argument_name_returns_a_hint_with_the_correct_name(string written, string meant)
    {
        var started = await CallAsync("generate_image", $$"""{"prompt":"a boat","{{written}}":4}""");

        Assert.True(started.Success);
        Assert.Equal([written], Ignored(started));
        Assert.Equal($"The argument '{written}' is unknown and was ignored. Did you mean {meant}?", started.Text("hint"));
    }

    [Fact]
    public async Task Error_result_lists_ignored_arguments()
    {
        var refused = await CallAsync("get_job_status", $$"""{"jobId":"{{Unknown}}"}""");

        Assert.Equal("Missing argument 'job_id': get_job_status requires a job id (UUID) returned by generate_image or edit_image.", refused.Error);
        Assert.Contains("Did you mean job_id?", refused.Text("hint"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Listed_ignored_arguments_are_limited_in_number_and_length()
    {
        var many = Enumerable.Range(0, 1_000).ToDictionary(i => $"{i}{new string('x', 150)}", i => i);

        var listed = await Client.CallAsync("list_models", many);

        Assert.Equal(20, Ignored(listed).Count());
        Assert.All(Ignored(listed), name => Assert.InRange(name!.Length, 1, 61));
    }

    [Fact]
    [Slow]
    public async Task All_transports_parse_arguments_in_the_same_way()
    {
        var arguments = JsonElement.Parse("""{"limit":"1","offset":null,"status":"","page":2}""");

        var json = await Client.CallAsync("list_jobs", arguments);
        using var events = await Client.PostAsync(
            JsonSerializer.Serialize(new { jsonrpc = "2.0", id = 1, method = "tools/call", @params = new { name = "list_jobs", arguments } }),
            request => request.Headers.Accept.ParseAdd("text/event-stream"));
        var message = Assert.Single(EventStreamBody.Messages(await events.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)));
        using var sse = await SseClient.OpenAsync(standalone.Server.Http, standalone.Server.Token);
        await sse.CallAsync(1, "list_jobs", arguments);
        using var folder = new TemporaryFolder();
        await using var stdio = StdioProcess.Start(folder.Path);
        await stdio.CallAsync(1, "list_jobs", arguments);

        ToolOutcome[] outcomes =
            [json, ToolOutcome.Of(message.GetProperty("result")), ToolOutcome.Of((await sse.MessageAsync()).GetProperty("result")), await stdio.OutcomeAsync()];
        Assert.All(outcomes, outcome =>
        {
            Assert.Equal((1, 0, "all"), (outcome.Number("limit"), outcome.Number("offset"), outcome.Text("filter")));
            Assert.Equal(["page"], Ignored(outcome));
        });
    }

    private Task<ToolOutcome> CallAsync(string tool, string arguments) => Client.CallAsync(tool, JsonElement.Parse(arguments));

    private static IEnumerable<string?> Ignored(ToolOutcome outcome) => outcome.List("ignored_arguments").Select(name => name.GetString());
}
