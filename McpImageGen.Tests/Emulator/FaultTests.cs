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
    public async Task An_error_is_in_the_envelope_for_models_of_both_forms(string fault, int status, int code)
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
    public async Task An_error_of_the_edge_is_plain_text(string fault, int status, string text)
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
    public async Task A_cut_connection_is_an_error_for_the_client(string fault)
    {
        await using var emulator = await StartAsync();

        foreach (var model in new[] { Schnell, SdxlBase })
            await Assert.ThrowsAsync<HttpRequestException>(() => emulator.PromptAsync(model, $"a lighthouse [fault:{fault}]"));
    }

    [Fact]
    public async Task An_empty_body_comes_with_status_200()
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
    public async Task A_truncated_body_begins_like_a_picture_and_ends_early()
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
    public async Task What_is_not_an_image_comes_in_the_form_of_one()
    {
        await using var emulator = await StartAsync();

        foreach (var model in new[] { Schnell, SdxlBase })
        {
            using var response = await emulator.PromptAsync(model, "a lighthouse [fault:not-an-image]");
            Assert.Equal("This is a sentence and not an image."u8.ToArray(), await ImageOfAsync(response));
        }
    }

    [Fact]
    public async Task A_success_without_an_image_has_an_empty_result()
    {
        await using var emulator = await StartAsync();

        using var response = await emulator.PromptAsync(SdxlBase, "a lighthouse [fault:no-image]");

        var answer = await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
        Assert.True(answer.GetProperty("success").GetBoolean());
        Assert.Equal("{}", answer.GetProperty("result").GetRawText());
    }

    [Fact]
    public async Task No_answer_comes_until_the_emulator_stops()
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
    public async Task A_counted_fault_happens_to_the_first_requests_of_exactly_this_prompt()
    {
        await using var emulator = await StartAsync();

        var statuses = new List<int>();
        foreach (var prompt in new[] { "a", "a", "b", "a", "b", "b", "a" })
            statuses.Add((int)(await emulator.PromptAsync(Schnell, $"{prompt} [fault:server-error*2]")).StatusCode);

        Assert.Equal([500, 500, 500, 200, 500, 200, 200], statuses);
    }

    [Fact]
    public async Task Retry_after_is_sent_when_the_prompt_asks_for_it()
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
    public async Task A_mistyped_directive_is_said_and_not_overlooked(string directive)
    {
        await using var emulator = await StartAsync();

        using var response = await emulator.PromptAsync(Schnell, $"a lighthouse {directive}");

        Assert.Contains($"invalid emulator directive {directive}", (await ErrorOfAsync(response)).Message, StringComparison.Ordinal);
    }
}
