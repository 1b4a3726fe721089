using System.Net;
using System.Text.RegularExpressions;
using McpImageGen.AppHost.Dashboard;
using McpImageGen.Contracts.Models;
using McpImageGen.Tests.Testing;

namespace McpImageGen.Tests.AppHost.Dashboard;

/// <summary>The command for a test image, with a real API at the place of the AppHost's.</summary>
[Slow]
public sealed partial class TestImageTests
{
    private const string Api = "mcp-api";

    [Fact]
    public async Task Test_image_command_without_arguments_generates_one_image_and_returns_its_link()
    {
        await using var server = await RunningStandalone.StartAsync();
        await using var model = await ModelOfAsync(server);

        var result = await model.ExecuteAsync(Api, TestImage.CommandName);

        Assert.True(result.Success, result.Message);
        var link = Assert.Single(LinksIn(result.Data!.Value));
        using var image = await server.Http.GetAsync(link, TestContext.Current.CancellationToken);
        Assert.Equal((HttpStatusCode.OK, "image/jpeg"), (image.StatusCode, image.Content.Headers.ContentType?.MediaType));
    }

    [Fact]
    public async Task Test_image_command_applies_prompt_model_and_count()
    {
        await using var server = await RunningStandalone.StartAsync();
        await using var model = await ModelOfAsync(server);

        var result = await model.ExecuteAsync(
            Api, TestImage.CommandName, ("prompt", "a red fox"), ("model", ImageModel.Dreamshaper), ("count", "3"));

        Assert.Equal(3, LinksIn(result.Data!.Value).Distinct().Count());
        var made = (await server.Client.CallAsync("list_generations", new { })).Json.GetProperty("generations").EnumerateArray().ToList();
        Assert.Equal(3, made.Count);
        Assert.All(made, one => Assert.Equal(
            ("a red fox", ImageModel.Dreamshaper), (one.GetProperty("prompt").GetString(), one.GetProperty("model").GetString())));
    }

    [Theory]
    [InlineData("count", "0")]
    [InlineData("count", "21")]
    [InlineData("count", "1.5")]
    [InlineData("model", "no-model")]
    public async Task Invalid_argument_of_the_test_image_command_is_rejected(string argument, string value)
    {
        await using var server = await RunningStandalone.StartAsync();
        await using var model = await ModelOfAsync(server);

        var result = await model.ExecuteAsync(Api, TestImage.CommandName, (argument, value));

        Assert.False(result.Success);
        Assert.Equal("Command argument validation failed.", result.Message);
    }

    [Fact]
    public async Task Failed_test_image_command_reports_the_reason()
    {
        await using var server = await RunningStandalone.StartAsync();
        await using var model = await ModelOfAsync(server);

        var result = await model.ExecuteAsync(Api, TestImage.CommandName, ("prompt", "[fault:prompt-rejected]"));

        Assert.False(result.Success);
        Assert.Contains("unsafe", result.Message, StringComparison.Ordinal);
    }

    private static async Task<SystemModel> ModelOfAsync(RunningStandalone server)
    {
        var model = await SystemModel.RunAsync($"--Parameters:auth-token={server.Token}");
        model.RunAt(Api, server.Http.BaseAddress!);
        return model;
    }

    private static IEnumerable<string> LinksIn(string markdown) => Link().Matches(markdown).Select(match => match.Groups[1].Value);

    [GeneratedRegex(@"\]\((http[^)]+)\)")]
    private static partial Regex Link();
}
