using System.Net.Http.Json;
using System.Text.Json;
using static McpImageGen.Tests.Emulator.RunningEmulator;

namespace McpImageGen.Tests.Emulator;

public sealed class FaultTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("quota-3036", 429, 3036)]
    [InlineData("quota-4006", 429, 4006)]
    [InlineData("capacity-3040", 429, 3040)]
    [InlineData("timeout-3007", 408, 3007)]
    [InlineData("aborted-3008", 408, 3008)]
    [InlineData("server-error", 500, 3043)]
    [InlineData("prompt-rejected", 400, 8007)]
    [InlineData("upstream-8007", 400, 8007)]
    [InlineData("output-rejected", 400, 3030)]
    [InlineData("bad-input-3003", 400, 3003)]
    [InlineData("bad-input", 400, 5004)]
    [InlineData("bad-input-5006", 400, 5006)]
    [InlineData("no-such-model-5007", 400, 5007)]
    [InlineData("no-such-model-3042", 404, 3042)]
    [InlineData("too-large", 413, 3006)]
    [InlineData("bad-token", 401, 10000)]
    [InlineData("forbidden-10000", 403, 10000)]
    [InlineData("forbidden", 403, 5018)]
    [InlineData("forbidden-5016", 403, 5016)]
    [InlineData("forbidden-3023", 403, 3023)]
    [InlineData("forbidden-3041", 403, 3041)]
    [InlineData("forbidden-5035", 403, 5035)]
    public async Task Workers_AI_error_is_returned_in_the_JSON_envelope_for_every_response_format(string fault, int status, int code)
    {
        await using var emulator = await StartAsync();

        foreach (var model in new[] { Schnell, SdxlBase, Flux2 })
        {
            using var response = await emulator.PromptAsync(model, $"a lighthouse [fault:{fault}]");
            var error = await ErrorOfAsync(response);
            Assert.Equal((status, code), (error.Status, error.Code));
        }
    }

    [Theory]
    [InlineData("edge-rate-limit", 429, "error code: 1015")]
    [InlineData("bad-gateway", 502, "error code: 502")]
    [InlineData("unavailable", 503, "error code: 503")]
    [InlineData("gateway-timeout", 504, "error code: 504")]
    public async Task Edge_error_is_returned_as_plain_text(string fault, int status, string text)
    {
        await using var emulator = await StartAsync();

        using var response = await emulator.PromptAsync(Schnell, $"a lighthouse [fault:{fault}]");

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal("text/plain", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal(text, await response.Content.ReadAsStringAsync(Cancellation));
        Assert.Null(response.Headers.RetryAfter);
    }

    [Theory]
    [InlineData("dropped-connection")]
    [InlineData("dropped-midway")]
    public async Task Dropped_connection_fails_the_request_of_the_client(string fault)
    {
        await using var emulator = await StartAsync();

        foreach (var model in new[] { Schnell, SdxlBase })
            await Assert.ThrowsAsync<HttpRequestException>(() => emulator.PromptAsync(model, $"a lighthouse [fault:{fault}]"));
    }

    [Fact]
    public async Task Empty_body_fault_returns_status_200()
    {
        await using var emulator = await StartAsync();

        foreach (var (model, contentType) in new[] { (Schnell, "application/json"), (SdxlBase, "image/png") })
        {
            using var response = await emulator.PromptAsync(model, "a lighthouse [fault:empty-body]");
            Assert.Equal(200, (int)response.StatusCode);
            Assert.Equal(contentType, response.Content.Headers.ContentType?.MediaType);
            Assert.Empty(await response.Content.ReadAsByteArrayAsync(Cancellation));
        }
    }

    [Fact]
    public async Task Truncated_body_fault_returns_the_beginning_of_an_image()
    {
        await using var emulator = await StartAsync();

        var json = await (await emulator.PromptAsync(Schnell, "a [fault:truncated-body]")).Content.ReadAsByteArrayAsync(Cancellation);
        var jpeg = await (await emulator.PromptAsync(Phoenix, "a [fault:truncated-body]")).Content.ReadAsByteArrayAsync(Cancellation);

        Assert.StartsWith("""{"result":{"image":"/9j/""", System.Text.Encoding.ASCII.GetString(json), StringComparison.Ordinal);
        Assert.ThrowsAny<JsonException>(() => JsonDocument.Parse(json));
        Assert.Equal([0xFF, 0xD8], jpeg[..2]);
        Assert.NotEqual([0xFF, 0xD9], jpeg[^2..]);
    }

    [Fact]
    public async Task Not_an_image_fault_returns_text_in_the_response_format_of_an_image()
    {
        await using var emulator = await StartAsync();

        foreach (var model in new[] { Schnell, SdxlBase })
        {
            using var response = await emulator.PromptAsync(model, "a lighthouse [fault:not-an-image]");
            Assert.Equal("This is a sentence and not an image."u8.ToArray(), await ImageOfAsync(response));
        }
    }

    [Fact]
    public async Task No_image_fault_returns_success_with_an_empty_result()
    {
        await using var emulator = await StartAsync();

        using var response = await emulator.PromptAsync(SdxlBase, "a lighthouse [fault:no-image]");

        var answer = await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
        Assert.True(answer.GetProperty("success").GetBoolean());
        Assert.Equal("{}", answer.GetProperty("result").GetRawText());
    }

    [Fact]
    public async Task No_answer_fault_sends_no_response_until_the_emulator_stops()
    {
        var emulator = await StartAsync();
        var response = emulator.PromptAsync(Schnell, "a lighthouse [fault:no-answer]");
        while ((await emulator.StatisticsAsync()).GetProperty("inProgress").GetInt32() == 0)
            await Task.Yield();
        Assert.False(response.IsCompleted);

        await emulator.DisposeAsync();

        await Assert.ThrowsAnyAsync<Exception>(() => response);
    }

    [Fact]
    public async Task Counted_fault_applies_to_the_first_requests_with_exactly_this_prompt()
    {
        await using var emulator = await StartAsync();

        var statuses = new List<int>();
        foreach (var prompt in new[] { "a", "a", "b", "a", "b", "b", "a" })
            statuses.Add((int)(await emulator.PromptAsync(Schnell, $"{prompt} [fault:server-error*2]")).StatusCode);

        Assert.Equal([500, 500, 500, 200, 500, 200, 200], statuses);
    }

    [Fact]
    public async Task Retry_After_header_is_sent_if_the_prompt_contains_the_directive()
    {
        await using var emulator = await StartAsync();

        using var response = await emulator.PromptAsync(Schnell, "a [fault:edge-rate-limit] [retry-after:1500ms]");

        Assert.Equal(TimeSpan.FromSeconds(2), response.Headers.RetryAfter?.Delta);
    }

    [Theory]
    [InlineData("[fault:sever-error]")]
    [InlineData("[fault:server-error*0]")]
    [InlineData("[fault:server-error*2*2]")]
    [InlineData("[latency:11m]")]
    [InlineData("[latency:5]")]
    [InlineData("[retry-after:soon]")]
    public async Task Invalid_directive_in_a_prompt_is_an_error(string directive)
    {
        await using var emulator = await StartAsync();

        using var response = await emulator.PromptAsync(Schnell, $"a lighthouse {directive}");

        Assert.Contains($"invalid emulator directive {directive}", (await ErrorOfAsync(response)).Message, StringComparison.Ordinal);
    }
}
