using McpImageGen.Tests.Testing;

namespace McpImageGen.Tests.Telemetry;

/// <summary>Whoever looks at a call's trace sees all that was done for it, in whatever process and however late.</summary>
public sealed class TraceTests(SharedStandalone standalone) : IClassFixture<SharedStandalone>
{
    private const string Request = "Microsoft.AspNetCore.Hosting.HttpRequestIn";
    private const string Prompt = "a heron that nobody may hear of";

    private static readonly string[] Message =
        ["urn:message:McpImageGen.Contracts:GenerateImage send", "generate-image receive", "generate-image process"];

    [Fact]
    public async Task One_trace_includes_call_message_claim_Workers_AI_request_and_signal()
    {
        using var trace = new RecordedTrace();

        await CallAsync(trace, "generate_image_and_wait", Prompt);

        await trace.RequestEndedAsync();
        await trace.EndedAsync("generate-image receive");
        Assert.All(["claim job", "generate_content flux-schnell", "store image", "signal job"], name => Assert.Equal(
            [Request, "tools/call generate_image_and_wait", .. Message, name],
            trace.WayTo(Assert.Single(trace.Spans, span => span.DisplayName == name))));
    }

    [Fact]
    public async Task Requeued_job_belongs_to_the_trace_of_its_call()
    {
        using var trace = new RecordedTrace();

        await CallAsync(trace, "generate_image", "[fault:server-error*1]");

        await trace.RequestEndedAsync();
        await trace.EndedAsync("generate-image receive", times: 2);
        await trace.EndedAsync("requeue job");
        Assert.Equal(
            [Request, "tools/call generate_image", "requeue job", .. Message, "signal job"],
            trace.WayTo(Assert.Single(trace.Spans, span => span.DisplayName == "signal job")));
        Assert.Equal(2, trace.Spans.Count(span => span.DisplayName == "claim job"));
    }

    [Fact]
    public async Task No_span_contains_the_prompt_or_the_token()
    {
        using var trace = new RecordedTrace();

        await CallAsync(trace, "generate_image_and_wait", Prompt + " [fault:prompt-rejected]");

        await trace.RequestEndedAsync();
        await trace.EndedAsync("generate-image receive");
        var tags = trace.Spans.SelectMany(span => span.TagObjects.Concat(span.Events.SelectMany(one => one.Tags))).ToList();
        Assert.Contains(tags, tag => Equals(tag.Value, "prompt_rejected"));
        Assert.All(tags, tag =>
        {
            Assert.DoesNotContain(Prompt, $"{tag.Value}", StringComparison.Ordinal);
            Assert.DoesNotContain(standalone.Server.Token, $"{tag.Value}", StringComparison.Ordinal);
        });
    }

    private async Task CallAsync(RecordedTrace trace, string tool, string prompt) => await standalone.Server.Client.RequestAsync(
        "tools/call", new { name = tool, arguments = new { prompt } }, request => request.Headers.Add("traceparent", trace.TraceParent));
}
