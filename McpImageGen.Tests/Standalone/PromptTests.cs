using System.Text.Json;
using McpImageGen.Contracts.Models;
using McpImageGen.Tests.Testing;

namespace McpImageGen.Tests.Standalone;

/// <summary>The prompts that lead an assistant to the tools.</summary>
public sealed class PromptTests(SharedStandalone standalone) : IClassFixture<SharedStandalone>
{
    private const int InvalidParameters = -32602;

    private FetchClient Client => standalone.Server.Client;

    [Fact]
    public async Task Every_MCP_prompt_has_a_title_and_descriptions_of_its_arguments()
    {
        var prompts = (await Client.RequestAsync("prompts/list")).GetProperty("result").GetProperty("prompts").EnumerateArray().ToList();

        Assert.Equal(["series", "style_study", "variations"], prompts.Select(prompt => prompt.GetProperty("name").GetString()).Order());
        Assert.All(prompts, prompt => Assert.NotEmpty(prompt.GetProperty("title").GetString()!));
        Assert.All(
            prompts.SelectMany(prompt => prompt.GetProperty("arguments").EnumerateArray()).Concat(prompts),
            described => Assert.NotEmpty(described.GetProperty("description").GetString()!));
    }

    [Theory]
    [InlineData("variations", "idea")]
    [InlineData("series", "subject")]
    [InlineData("style_study", "subject")]
    public async Task MCP_prompt_contains_the_text_of_the_user_the_tool_and_the_model(string name, string argument)
    {
        var text = await TextAsync(name, new Dictionary<string, string> { [argument] = "{a fox} & <b>friends</b>", ["model"] = ImageModel.SdxlBase });

        Assert.Contains("{a fox} & <b>friends</b>", text, StringComparison.Ordinal);
        Assert.Contains("generate_image", text, StringComparison.Ordinal);
        Assert.Contains("\"sdxl-base\"", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Missing_or_empty_MCP_prompt_arguments_have_defaults()
    {
        var text = await TextAsync("variations", new() { ["idea"] = "a fox", ["count"] = "" });

        Assert.Contains("Generate 4 variations", text, StringComparison.Ordinal);
        Assert.Contains("\"flux-schnell\"", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{ "idea": "a fox", "count": "5" }""")]
    [InlineData("""{ "idea": "a fox", "count": 5 }""")]
    [InlineData("""{ "idea": "a fox", "count": 5.0, "model": null }""")]
    [InlineData("""{ "idea": "a fox", "count": "5", "size": "big" }""")]
    public async Task MCP_prompt_arguments_are_parsed_leniently_and_unknown_ones_are_listed(string arguments)
    {
        var result = (await Client.RequestAsync("prompts/get", new { name = "variations", arguments = JsonElement.Parse(arguments) })).GetProperty("result");

        Assert.Contains("Generate 5 variations", result.GetProperty("messages")[0].GetProperty("content").GetProperty("text").GetString(), StringComparison.Ordinal);
        Assert.Equal(
            arguments.Contains("size", StringComparison.Ordinal) ? ["size"] : [],
            result.TryGetProperty("_meta", out var meta) ? meta.GetProperty("ignored_arguments").EnumerateArray().Select(name => name.GetString()) : []);
    }

    [Theory]
    [InlineData("variations", """{}""", "Missing argument 'idea'")]
    [InlineData("variations", """{ "idea": "" }""", "Missing argument 'idea'")]
    [InlineData("variations", """{ "idea": "a fox", "count": "many" }""", "'count' must be an integer from 2 to 20, but was")]
    [InlineData("series", """{ "subject": "a fox", "model": "dall-e" }""", "'model' must be one of flux-schnell, ")]
    [InlineData("style_study", """{ "subject": ["a fox"] }""", "'subject' must be a string")]
    [InlineData("poem", """{}""", "poem")]
    public async Task Invalid_MCP_prompt_arguments_are_rejected_with_the_reason(string name, string arguments, string reason)
    {
        var error = (await Client.RequestAsync("prompts/get", new { name, arguments = JsonElement.Parse(arguments) })).GetProperty("error");

        Assert.Equal(InvalidParameters, error.GetProperty("code").GetInt32());
        Assert.Contains(reason, error.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Model_names_of_MCP_prompts_are_completed()
    {
        var result = (await Client.RequestAsync("completion/complete", new
        {
            @ref = new { type = "ref/prompt", name = "variations" },
            argument = new { name = "model", value = "SDXL" },
        })).GetProperty("result");

        Assert.Equal(
            ImageModel.All.Select(model => model.Name).Where(name => name.StartsWith("sdxl", StringComparison.Ordinal)),
            result.GetProperty("completion").GetProperty("values").EnumerateArray().Select(value => value.GetString()));
    }

    private async Task<string> TextAsync(string name, Dictionary<string, string> arguments)
    {
        var result = (await Client.RequestAsync("prompts/get", new { name, arguments })).GetProperty("result");
        var message = Assert.Single(result.GetProperty("messages").EnumerateArray());
        Assert.Equal("user", message.GetProperty("role").GetString());
        return message.GetProperty("content").GetProperty("text").GetString()!;
    }
}
