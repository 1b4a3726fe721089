using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using McpImageGen.Tests.Testing;

namespace McpImageGen.Tests.Standalone;

/// <summary>What is wrong is said at once, with what is right, and the server goes on.</summary>
public sealed class BadInputTests(SharedStandalone standalone) : IClassFixture<SharedStandalone>
{
    private static readonly string TooManyIds = JsonSerializer.Serialize(Enumerable.Range(0, 21).Select(_ => Guid.NewGuid()));

    private FetchClient Client => standalone.Server.Client;

    [Theory]
    [InlineData("""{"prompt":"ab"}""", "'prompt' must be a string of 3 to 1000 characters, but has 2 characters.")]
    [InlineData("""{"prompt":""}""", "'prompt' must be a string of 3 to 1000 characters, but has 0 characters.")]
    [InlineData("""{"prompt":"      "}""", "'prompt' must be a string of 3 to 1000 characters, not counting leading and trailing spaces, but has 0 characters.")]
    [InlineData("""{"prompt":"\u200B\u200B\u200B"}""", "'prompt' must be a string of 3 to 1000 characters, not counting leading and trailing spaces, but has 0 characters.")]
    [InlineData("""{"prompt":"\u2060\uFEFF\u00AD\u3164"}""", "'prompt' must be a string of 3 to 1000 characters, not counting leading and trailing spaces, but has 0 characters.")]
    [InlineData("""{"prompt":"\u200Bab\u200B"}""", "'prompt' must be a string of 3 to 1000 characters, not counting leading and trailing spaces, but has 2 characters.")]
    [InlineData("""{"prompt":"é\u0301"}""", "'prompt' must be a string of 3 to 1000 characters, but has 1 characters.")]
    [InlineData("""{}""", "Missing argument 'prompt': TOOL requires a string of 3 to 1000 characters.")]
    [InlineData("""{"prompt":null}""", "Missing argument 'prompt': TOOL requires a string of 3 to 1000 characters.")]
    [InlineData("""{"prompt":42}""", "'prompt' must be a string of 3 to 1000 characters, but was 42.")]
    [InlineData("""{"prompt":["abc"]}""", "'prompt' must be a string of 3 to 1000 characters, but was [\"abc\"].")]
    [InlineData("""{"prompt":"abc","model":"dall-e"}""", "'model' must be one of flux-schnell, sdxl-lightning, sdxl-base, dreamshaper, lucid-origin, phoenix, flux-2-dev, flux-2-klein-4b, flux-2-klein-9b, but was \"dall-e\".")]
    [InlineData("""{"prompt":"abc","model":7}""", "'model' must be one of flux-schnell, sdxl-lightning, sdxl-base, dreamshaper, lucid-origin, phoenix, flux-2-dev, flux-2-klein-4b, flux-2-klein-9b, but was 7.")]
    [InlineData("""{"prompt":"abc","count":0}""", "'count' must be an integer from 1 to 20, but was 0.")]
    [InlineData("""{"prompt":"abc","count":21}""", "'count' must be an integer from 1 to 20, but was 21.")]
    [InlineData("""{"prompt":"abc","count":1.5}""", "'count' must be an integer from 1 to 20, but was 1.5.")]
    [InlineData("""{"prompt":"abc","count":2.5}""", "'count' must be an integer from 1 to 20, but was 2.5.")]
    [InlineData("""{"prompt":"abc","count":"2.5"}""", "'count' must be an integer from 1 to 20, but was \"2.5\".")]
    [InlineData("""{"prompt":"abc","count":"two"}""", "'count' must be an integer from 1 to 20, but was \"two\".")]
    [InlineData("""{"prompt":"abc","count":"21"}""", "'count' must be an integer from 1 to 20, but was \"21\".")]
    [InlineData("""{"prompt":"abc","count":true}""", "'count' must be an integer from 1 to 20, but was true.")]
    [InlineData("""{"prompt":"abc","count":[2]}""", "'count' must be an integer from 1 to 20, but was [2].")]
    [InlineData("""{"prompt":"abc","count":{}}""", "'count' must be an integer from 1 to 20, but was {}.")]
    [InlineData("""{"prompt":"abc","count":1e99}""", "'count' must be an integer from 1 to 20, but was 1e99.")]
    [InlineData("""{"prompt":"abc\u0000def"}""", "'prompt' must not contain the character U+0000.")]
    [InlineData("""{"prompt":"abc","seed":-1}""", "'seed' must be an integer from 0 to 2147483647, but was -1.")]
    [InlineData("""{"prompt":"abc","seed":1e30}""", "'seed' must be an integer from 0 to 2147483647, but was 1e30.")]
    [InlineData("""{"prompt":"abc","width":"wide"}""", "'width' must be an integer from 1 to 2500, but was \"wide\".")]
    [InlineData("""{"prompt":"abc","height":99999999999}""", "'height' must be an integer from 1 to 2500, but was 99999999999.")]
    [InlineData("""{"prompt":"abc","steps":2.5}""", "'steps' must be an integer from 1 to 50, but was 2.5.")]
    [InlineData("""{"prompt":"abc","negative_prompt":" "}""", "'negative_prompt' must be a string of 1 to 1000 characters, not counting leading and trailing spaces, but has 0 characters.")]
    [InlineData("""{"prompt":"abc","negative_prompt":["x"]}""", "'negative_prompt' must be a string of 1 to 1000 characters, but was [\"x\"].")]
    [InlineData("""{"prompt":"abc","guidance":"high"}""", "'guidance' must be a number from 0 to 20, but was \"high\".")]
    [InlineData("""{"prompt":"abc","guidance":1e999}""", "'guidance' must be a number from 0 to 20, but was 1e999.")]
    [InlineData("""{"prompt":"abc","idempotency_key":" "}""", "'idempotency_key' must be a string of 1 to 200 characters, not counting leading and trailing spaces, but has 0 characters.")]
    [InlineData("""{"prompt":"abc","idempotency_key":7}""", "'idempotency_key' must be a string of 1 to 200 characters, but was 7.")]
    public async Task Invalid_generation_arguments_are_rejected(string arguments, string error)
    {
        foreach (var tool in new[] { "generate_image", "generate_image_and_wait" })
            await RefusesAsync(tool, arguments, error.Replace("TOOL", tool, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("猫")]
    [InlineData("ねこ")]
    [InlineData("🐈")]
    [InlineData("고양이")]
    [InlineData("\u200Bcat\u200B")]
    [InlineData("a b")]
    public async Task Prompt_of_one_CJK_character_or_emoji_or_of_three_visible_characters_is_accepted(string prompt)
    {
        var started = await Client.CallAsync("generate_image", new { prompt });

        Assert.True(started.Success, started.Raw);
        Assert.Equal(prompt, started.Text("prompt"));
    }

    [Fact]
    public async Task Prompt_length_is_counted_in_visible_characters_and_limited_to_2000_UTF_16_code_units()
    {
        Assert.True((await Client.CallAsync("generate_image", new { prompt = string.Concat(Enumerable.Repeat("🐈", 1000)) })).Success);
        Assert.Contains("has 1001 characters", (await Client.CallAsync("generate_image", new { prompt = string.Concat(Enumerable.Repeat("🐈", 1001)) })).Error, StringComparison.Ordinal);
        Assert.Contains("at most 2000 UTF-16 code units", (await Client.CallAsync("generate_image", new { prompt = "cat" + new string('\u0301', 5000) })).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Prompt_of_1000_characters_is_accepted_and_one_of_1001_is_rejected()
    {
        await RefusesAsync("generate_image", $$"""{"prompt":"{{new string('x', 1001)}}"}""", "'prompt' must be a string of 3 to 1000 characters, but has 1001 characters.");

        Assert.True((await Client.CallAsync("generate_image", new { prompt = new string('x', 1000) })).Success);
    }

    [Theory]
    [InlineData("""{}""", "Pass either 'job_id' (one job) or 'job_ids' (a list of 1 to 20); neither was sent.")]
    [InlineData("""{"job_id":"01a2040b-fd9b-7149-8854-aef04e5d2635","job_ids":["01a2040b-fd9b-7149-8854-aef04e5d2635"]}""", "Pass either 'job_id' (one job) or 'job_ids' (a list of 1 to 20), not both.")]
    [InlineData("""{"job_ids":[]}""", "Pass either 'job_id' (one job) or 'job_ids' (a list of 1 to 20); neither was sent.")]
    [InlineData("""{"job_ids":[""]}""", "Each item of 'job_ids' must be a job id (UUID) returned by generate_image or edit_image, but was \"\".")]
    [InlineData("""{"job_ids":[null]}""", "Each item of 'job_ids' must be a job id (UUID) returned by generate_image or edit_image, but was null.")]
    [InlineData("""{"job_ids":"[\"nonsense\"]"}""", "Each item of 'job_ids' must be a job id (UUID) returned by generate_image or edit_image, but was \"nonsense\".")]
    [InlineData("""{"job_ids":"[\"\\ud800\"]"}""", "'job_ids' must be a list of 1 to 20 items, each a job id (UUID) returned by generate_image or edit_image, but was \"[\"\\ud800\"]\".")]
    [InlineData("""{"job_ids":["nonsense"]}""", "Each item of 'job_ids' must be a job id (UUID) returned by generate_image or edit_image, but was \"nonsense\".")]
    [InlineData("""{"job_ids":"01a2040b-fd9b-7149-8854-aef04e5d2635"}""", "'job_ids' must be a list of 1 to 20 items, each a job id (UUID) returned by generate_image or edit_image, but was \"01a2040b-fd9b-7149-8854-aef04e5d2635\".")]
    [InlineData("""{"job_id":"nonsense"}""", "'job_id' must be a job id (UUID) returned by generate_image or edit_image, but was \"nonsense\".")]
    [InlineData("""{"job_id":12}""", "'job_id' must be a job id (UUID) returned by generate_image or edit_image, but was 12.")]
    public async Task Invalid_job_ids_of_a_wait_or_cancel_are_rejected(string arguments, string error)
    {
        await RefusesAsync("wait_for_completion", arguments, error);
        await RefusesAsync("cancel_job", arguments, error);
    }

    [Theory]
    [InlineData("""{"timeout_seconds":0}""", "'timeout_seconds' must be an integer from 1 to 3600, but was 0.")]
    [InlineData("""{"timeout_seconds":3601}""", "'timeout_seconds' must be an integer from 1 to 3600, but was 3601.")]
    [InlineData("""{"timeout_seconds":"soon"}""", "'timeout_seconds' must be an integer from 1 to 3600, but was \"soon\".")]
    [InlineData("""{"inline":"yes"}""", "'inline' must be true or false, but was \"yes\".")]
    [InlineData("""{"inline":"truthy"}""", "'inline' must be true or false, but was \"truthy\".")]
    [InlineData("""{"inline":1}""", "'inline' must be true or false, but was 1.")]
    public async Task Invalid_wait_options_are_rejected(string arguments, string error)
    {
        await RefusesAsync("wait_for_completion", arguments, error);
        await RefusesAsync("generate_image_and_wait", arguments, error);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Wait_for_21_jobs_is_rejected_even_if_the_list_is_sent_as_text(bool asText) =>
        await RefusesAsync(
            "wait_for_completion", $$"""{"job_ids":{{(asText ? JsonSerializer.Serialize(TooManyIds) : TooManyIds)}}}""",
            "'job_ids' must be a list of 1 to 20 items, each a job id (UUID) returned by generate_image or edit_image, but has 21 items.");

    [Theory]
    [InlineData("get_job_status", """{}""", "Missing argument 'job_id': get_job_status requires a job id (UUID) returned by generate_image or edit_image.")]
    [InlineData("get_job_status", """{"job_id":"../../etc/passwd"}""", "'job_id' must be a job id (UUID) returned by generate_image or edit_image, but was \"../../etc/passwd\".")]
    [InlineData("delete_generation", """{}""", "Missing argument 'job_id': delete_generation requires a job id (UUID) returned by generate_image or edit_image.")]
    [InlineData("delete_generation", """{"job_id":"../../images/x"}""", "'job_id' must be a job id (UUID) returned by generate_image or edit_image, but was \"../../images/x\".")]
    [InlineData("list_generations", """{"limit":0}""", "'limit' must be an integer from 1 to 50, but was 0.")]
    [InlineData("list_generations", """{"limit":51}""", "'limit' must be an integer from 1 to 50, but was 51.")]
    [InlineData("list_generations", """{"offset":-1}""", "'offset' must be an integer from 0 to 2147483647, but was -1.")]
    [InlineData("list_jobs", """{"status":"lost"}""", "'status' must be one of all, pending, processing, completed, failed, cancelled, but was \"lost\".")]
    [InlineData("list_jobs", """{"limit":"ten"}""", "'limit' must be an integer from 1 to 50, but was \"ten\".")]
    public async Task Invalid_arguments_of_status_delete_and_list_tools_are_rejected(string tool, string arguments, string error) =>
        await RefusesAsync(tool, arguments, error);

    [Theory]
    [InlineData("this is not JSON", -32700, null)]
    [InlineData("", -32700, null)]
    [InlineData("{\"jsonrpc\":\"2.0\",", -32700, null)]
    [InlineData("""{"jsonrpc":"2.0","id":7,"method":"\ud800"}""", -32700, null)]
    [InlineData("""{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"generate_image","arguments":{"prompt":"half \udc00 a pair"}}}""", -32700, null)]
    [InlineData("""{"id":7,"method":"tools/list"}""", -32600, 7)]
    [InlineData("""{"jsonrpc":"1.0","id":7,"method":"tools/list"}""", -32600, 7)]
    [InlineData("""{"jsonrpc":2.0,"id":7,"method":"tools/list"}""", -32600, 7)]
    [InlineData("[]", -32600, null)]
    [InlineData("""{"jsonrpc":"2.0","id":7}""", -32600, 7)]
    [InlineData("""{"jsonrpc":"2.0","id":1.5,"method":"tools/list"}""", -32600, null)]
    [InlineData("""{"jsonrpc":"2.0","id":123456789012345678901234567890,"method":"tools/list"}""", -32600, null)]
    [InlineData("""{"jsonrpc":"2.0","id":null,"method":"tools/list"}""", -32600, null)]
    [InlineData("""{"jsonrpc":"2.0","id":7,"method":"tools/list","params":[1]}""", -32600, 7)]
    [InlineData("\"tools/list\"", -32600, null)]
    public async Task Invalid_JSON_RPC_request_returns_HTTP_400_and_the_error_code(string body, int code, int? id)
    {
        using var response = await Client.PostAsync(body);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        var answer = await ReadAsync(response);
        Assert.Equal("2.0", answer.GetProperty("jsonrpc").GetString());
        Assert.Equal(code, answer.GetProperty("error").GetProperty("code").GetInt32());
        Assert.NotEmpty(answer.GetProperty("error").GetProperty("message").GetString()!);
        Assert.Equal(id, answer.GetProperty("id").ValueKind == JsonValueKind.Null ? null : answer.GetProperty("id").GetInt32());
        await StillServesAsync();
    }

    [Theory]
    [InlineData("tools/explode", "{}", -32601)]
    [InlineData("tools/call", "{}", -32602)]
    [InlineData("tools/call", """{"arguments":{}}""", -32602)]
    [InlineData("tools/call", """{"name":""}""", -32602)]
    [InlineData("tools/call", """{"name":3}""", -32602)]
    [InlineData("tools/call", """{"name":"paint_the_moon","arguments":{}}""", -32602)]
    [InlineData("tools/call", """{"name":"list_jobs","arguments":[1]}""", -32602)]
    [InlineData("tools/call", """{"name":"list_jobs","arguments":"x"}""", -32602)]
    [InlineData("tools/list", """{"_meta":5}""", -32602)]
    public async Task Unknown_method_or_tool_or_invalid_parameters_return_the_JSON_RPC_error_code(string method, string parameters, int code)
    {
        var answer = await Client.RequestAsync(method, JsonElement.Parse(parameters));

        Assert.Equal(code, answer.GetProperty("error").GetProperty("code").GetInt32());
        Assert.Equal(1, answer.GetProperty("id").GetInt32());
        await StillServesAsync();
    }

    [Fact]
    public async Task Body_of_10_MB_is_rejected_with_the_limit()
    {
        using var response = await Client.PostAsync($$$"""{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"x":"{{{new string('x', 10_000_000)}}}"}}""");

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        Assert.Contains("1000000 bytes", (await ReadAsync(response)).GetProperty("error").GetProperty("message").GetString(), StringComparison.Ordinal);
        await StillServesAsync();
    }

    [Theory]
    [InlineData(null)]
    [InlineData("Bearer")]
    [InlineData("Bearer wrong")]
    [InlineData("Basic dXNlcjpwYXNz")]
    [InlineData("HALF")]
    [InlineData("LONGER")]
    public async Task Request_without_a_valid_token_returns_401(string? authorization)
    {
        var token = standalone.Server.Token;
        var sent = authorization switch
        {
            "HALF" => "Bearer " + token[..(token.Length / 2)],
            "LONGER" => $"Bearer {token}x",
            _ => authorization,
        };

        foreach (var path in new[] { "/mcp", "/sse" })
        {
            using var response = await new FetchClient(standalone.Server.Http, token, path).PostAsync(
                """{"jsonrpc":"2.0","id":1,"method":"tools/list"}""",
                request =>
                {
                    request.Headers.Authorization = null;
                    if (sent is not null)
                        request.Headers.TryAddWithoutValidation("Authorization", sent);
                });

            Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
            Assert.Equal("Bearer", Assert.Single(response.Headers.WwwAuthenticate).Scheme);
            Assert.StartsWith("realm=\"", response.Headers.WwwAuthenticate.Single().Parameter, StringComparison.Ordinal);
            var body = await ReadAsync(response);
            Assert.NotEmpty(body.GetProperty("error").GetProperty("message").GetString()!);
            Assert.DoesNotContain(token, body.GetRawText(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Bearer_scheme_is_case_insensitive()
    {
        using var response = await Client.PostAsync(
            """{"jsonrpc":"2.0","id":1,"method":"tools/list"}""",
            request => request.Headers.Authorization = new AuthenticationHeaderValue("bearer", standalone.Server.Token));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    private async Task RefusesAsync(string tool, string arguments, string error)
    {
        var outcome = await Client.CallAsync(tool, JsonElement.Parse(arguments));

        Assert.True(outcome.IsError);
        Assert.False(outcome.Success);
        Assert.Equal(error, outcome.Error);
    }

    private async Task StillServesAsync() => Assert.True((await Client.CallAsync("list_jobs", new { })).Success);

    private static async Task<JsonElement> ReadAsync(HttpResponseMessage response)
    {
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        return JsonElement.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }
}
