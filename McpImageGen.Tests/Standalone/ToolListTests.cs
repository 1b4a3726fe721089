using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using McpImageGen.Tests.Testing;

namespace McpImageGen.Tests.Standalone;

/// <summary>The list of tools is one that every model API and every client takes. docs/tool-schemas.md has their rules and where they are written.</summary>
public sealed partial class ToolListTests(SharedStandalone standalone) : IClassFixture<SharedStandalone>
{
    private const int MaxList = 16_000;

    /// <summary>The keywords that all of the APIs have, OpenAI's strict mode included.</summary>
    private static readonly string[] Keywords = ["type", "description", "enum", "minimum", "maximum", "items", "minItems", "maxItems"];

    private static readonly string[] Types = ["string", "integer", "number", "boolean", "array"];

    private readonly FetchClient _ann = standalone.NewOwner();
    private readonly FetchClient _ben = standalone.NewOwner();

    [Fact]
    public async Task Every_argument_has_one_type_and_no_schema_keyword_that_a_model_API_rejects()
    {
        foreach (var (tool, schema) in await SchemasAsync())
        {
            Assert.Equal(["type", "properties", .. schema.TryGetProperty("required", out _) ? ["required"] : Array.Empty<string>()], Names(schema));
            Assert.Equal("object", schema.GetProperty("type").GetString());
            foreach (var argument in schema.GetProperty("properties").EnumerateObject())
            {
                AssertPlain($"{tool}.{argument.Name}", argument.Value);
                Assert.True(argument.Value.TryGetProperty("description", out var description) && description.GetString()!.Length > 0, $"{tool}.{argument.Name}");
            }
        }
    }

    [Fact]
    public async Task Only_mandatory_arguments_are_listed_as_required()
    {
        var required = (await SchemasAsync()).ToDictionary(
            tool => tool.Name,
            tool => tool.Schema.TryGetProperty("required", out var names) ? string.Join(' ', names.EnumerateArray()) : "");

        Assert.Equal(
            new Dictionary<string, string>
            {
                ["generate_image"] = "prompt",
                ["generate_image_and_wait"] = "prompt",
                ["edit_image"] = "prompt job_ids",
                ["edit_image_and_wait"] = "prompt job_ids",
                ["list_models"] = "",
                ["wait_for_completion"] = "",
                ["get_job_status"] = "job_id",
                ["list_generations"] = "",
                ["list_jobs"] = "",
                ["cancel_job"] = "",
                ["delete_generation"] = "job_id",
            },
            required);
    }

    [Fact]
    public async Task Argument_descriptions_state_lengths_and_defaults()
    {
        var properties = (await SchemasAsync()).Single(tool => tool.Name == "generate_image").Schema.GetProperty("properties");

        Assert.EndsWith("3 to 1000 characters.", properties.GetProperty("prompt").GetProperty("description").GetString(), StringComparison.Ordinal);
        Assert.EndsWith("Default: flux-schnell.", properties.GetProperty("model").GetProperty("description").GetString(), StringComparison.Ordinal);
        Assert.Equal("Number of images. Default: 1.", properties.GetProperty("count").GetProperty("description").GetString());
    }

    [Fact]
    public async Task Tool_names_and_descriptions_respect_the_limits_of_every_client()
    {
        foreach (var tool in await ToolsAsync(_ann))
        {
            var name = tool.GetProperty("name").GetString()!;
            Assert.Matches(NameOfEveryApi(), name);
            Assert.InRange("image-generator".Length + 1 + name.Length, 1, 60); // Cursor counts the server's name, too
            Assert.InRange(tool.GetProperty("description").GetString()!.Length, 1, 1024); // OpenAI
            Assert.All(tool.GetProperty("inputSchema").GetProperty("properties").EnumerateObject(), argument => Assert.Matches(NameOfEveryApi(), argument.Name));
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData("2025-03-26")]
    [InlineData("2025-06-18")]
    [InlineData("2025-11-25")]
    [InlineData("2026-07-28")]
    public async Task Tool_list_is_small_and_has_no_icons_in_every_protocol_version(string? version)
    {
        var list = await ListAsync(_ann, version);

        Assert.InRange(Encoding.UTF8.GetByteCount(list.GetRawText()), 1, MaxList);
        Assert.All(list.GetProperty("tools").EnumerateArray(), tool => Assert.False(tool.TryGetProperty("icons", out _)));
    }

    [Fact]
    public async Task Tool_list_is_the_same_for_every_owner()
    {
        await _ann.CallAsync("generate_image_and_wait", new { prompt = "something of her own" });

        Assert.Equal((await ListAsync(_ann, null)).GetRawText(), (await ListAsync(_ben, null)).GetRawText());
    }

    [Theory]
    [InlineData("tools/list")]
    [InlineData("prompts/list")]
    [InlineData("resources/templates/list")]
    [InlineData("server/discover")]
    public async Task Owner_independent_results_are_publicly_cacheable(string method)
    {
        var result = (await _ann.RequestOf2026Async(method, name: null, new { })).GetProperty("result");

        Assert.Equal(3_600_000, result.GetProperty("ttlMs").GetInt64());
        Assert.Equal("public", result.GetProperty("cacheScope").GetString());
    }

    [Fact]
    public async Task Results_of_an_owner_are_not_cacheable()
    {
        var id = (await _ann.CallAsync("generate_image_and_wait", new { prompt = "a boat" })).Text("job_id");
        var uri = $"job://{id}";

        foreach (var answer in new[] { await _ann.RequestOf2026Async("resources/list", name: null, new { }), await _ann.RequestOf2026Async("resources/read", uri, new { uri }) })
        {
            Assert.Equal("private", answer.GetProperty("result").GetProperty("cacheScope").GetString());
            Assert.Equal(0, answer.GetProperty("result").GetProperty("ttlMs").GetInt64());
        }
    }

    [Theory]
    [InlineData("tools/list")]
    [InlineData("prompts/list")]
    [InlineData("resources/list")]
    [InlineData("resources/templates/list")]
    public async Task Results_of_earlier_protocol_versions_have_no_cache_fields(string method)
    {
        await _ann.RequestOf2026Async(method, name: null, new { });

        var result = (await _ann.RequestAsync(method, change: request => request.Headers.Add("MCP-Protocol-Version", "2025-11-25"))).GetProperty("result");

        Assert.False(result.TryGetProperty("ttlMs", out _));
        Assert.False(result.TryGetProperty("cacheScope", out _));
    }

    private static void AssertPlain(string where, JsonElement schema)
    {
        Assert.True(Names(schema).All(Keywords.Contains), $"{where}: {schema}");
        Assert.True(schema.GetProperty("type").ValueKind == JsonValueKind.String && Types.Contains(schema.GetProperty("type").GetString()), $"{where}: {schema}");
        if (schema.TryGetProperty("enum", out var values))
            Assert.All(values.EnumerateArray(), value => Assert.NotEqual("", value.GetString()));
        Assert.Equal(schema.GetProperty("type").ValueEquals("array"), schema.TryGetProperty("items", out var items));
        if (items.ValueKind == JsonValueKind.Object)
            AssertPlain(where + "[]", items);
    }

    private static IEnumerable<string> Names(JsonElement schema) => schema.EnumerateObject().Select(keyword => keyword.Name);

    private async Task<List<(string Name, JsonElement Schema)>> SchemasAsync() =>
        [.. (await ToolsAsync(_ann)).Select(tool => (tool.GetProperty("name").GetString()!, tool.GetProperty("inputSchema")))];

    private static async Task<List<JsonElement>> ToolsAsync(FetchClient client) => [.. (await ListAsync(client, null)).GetProperty("tools").EnumerateArray()];

    private static async Task<JsonElement> ListAsync(FetchClient client, string? version)
    {
        var answer = version == "2026-07-28"
            ? await client.RequestOf2026Async("tools/list", name: null, new { })
            : await client.RequestAsync("tools/list", change: request =>
            {
                if (version is not null)
                    request.Headers.Add("MCP-Protocol-Version", version);
            });
        return answer.GetProperty("result");
    }

    /// <summary>Gemini wants a letter first; the others letters, digits, _ and -; all at most 64.</summary>
    [GeneratedRegex("^[a-zA-Z_][a-zA-Z0-9_]{0,63}$")]
    private static partial Regex NameOfEveryApi();
}
