using System.Net.Http.Headers;
using System.Net.Http.Json;

namespace McpImageGen.AppHost;

/// <summary>What the dashboard shows and can do beside the resources themselves.</summary>
internal static class Dashboard
{
    private const string McpPath = "/mcp";
    private const string Prompt = "a lighthouse at dawn, calm sea, soft light";

    public static IResourceBuilder<ProjectResource> WithLinks(this IResourceBuilder<ProjectResource> api) =>
        api.WithUrlForEndpoint("http", url =>
            {
                url.Url = McpPath;
                url.DisplayText = "MCP endpoint";
            })
            .WithUrlForEndpoint("http", _ => new() { Url = "/", DisplayText = "Start page" })
            .WithUrlForEndpoint("http", _ => new() { Url = "/gallery", DisplayText = "Gallery" });

    /// <summary>Adds the button that asks for one image, as an MCP client would, and shows the answer.</summary>
    public static IResourceBuilder<ProjectResource> WithTestImageCommand(
        this IResourceBuilder<ProjectResource> api, IResourceBuilder<ParameterResource> token) =>
        api.WithHttpCommand(McpPath, "Generate a test image", "http", "generate-test-image", new HttpCommandOptions
        {
            Description = "Calls generate_image_and_wait; the answer has the image's link.",
            IconName = "Image",
            IsHighlighted = true,
            PrepareRequest = async context =>
            {
                var bearer = await token.Resource.GetValueAsync(context.CancellationToken);
                context.Request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", bearer);
                context.Request.Headers.Accept.ParseAdd("application/json");
                context.Request.Content = JsonContent.Create(new
                {
                    jsonrpc = "2.0",
                    id = 1,
                    method = "tools/call",
                    @params = new { name = "generate_image_and_wait", arguments = new { prompt = Prompt } },
                });
            },
            GetCommandResult = ReadAnswerAsync,
        });

    private static async Task<ExecuteCommandResult> ReadAnswerAsync(HttpCommandResultContext context)
    {
        var answer = await context.Response.Content.ReadAsStringAsync(context.CancellationToken);
        var isRefused = !context.Response.IsSuccessStatusCode || answer.Contains("\"isError\":true", StringComparison.Ordinal);
        return isRefused
            ? CommandResults.Failure("There is no image.", answer, CommandResultFormat.Json)
            : CommandResults.Success("There is an image.", answer, CommandResultFormat.Json);
    }
}
