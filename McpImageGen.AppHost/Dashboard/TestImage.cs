using System.Globalization;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using McpImageGen.Contracts.Models;

namespace McpImageGen.AppHost.Dashboard;

/// <summary>A command that generates images through the API, as an MCP client does, and shows links to them.</summary>
internal static class TestImage
{
    public const string CommandName = "generate-test-image";

    private const string Prompt = "prompt";
    private const string Model = "model";
    private const string Count = "count";
    private const int MaxPrompt = 1000;
    private const int MaxImages = 20;

    public static IResourceBuilder<ProjectResource> WithTestImageCommand(this IResourceBuilder<ProjectResource> api) =>
        api.WithHttpCommand(McpEndpoint.Path, "Generate a test image", "http", CommandName, new HttpCommandOptions
        {
            Description = "Generates images through the API, as an MCP client does (generate_image_and_wait), and shows links to them.",
            IconName = "Image",
            IsHighlighted = true,
            Arguments =
            [
                new InteractionInput
                {
                    Name = Prompt,
                    Label = "Prompt",
                    InputType = InputType.Text,
                    Required = true,
                    MaxLength = MaxPrompt,
                    Value = "a lighthouse at dawn, calm sea, soft light",
                },
                new InteractionInput
                {
                    Name = Model,
                    Label = "Model",
                    InputType = InputType.Choice,
                    Required = true,
                    Options = [.. ImageModel.All.Select(model => KeyValuePair.Create(model.Name, $"{model.Name}: {model.Description}"))],
                    Value = ImageModel.FluxSchnell,
                },
                new InteractionInput
                {
                    Name = Count,
                    Label = "Count",
                    Description = $"The number of images, 1 to {MaxImages}.",
                    InputType = InputType.Number,
                    Required = true,
                    Value = "1",
                },
            ],
            ValidateArguments = context =>
            {
                context.DemandWholeNumber(Count, 1, MaxImages);
                return Task.CompletedTask;
            },
            PrepareRequest = context =>
            {
                context.Request.Headers.Accept.ParseAdd("application/json");
                context.Request.Content = JsonContent.Create(new
                {
                    jsonrpc = "2.0",
                    id = 1,
                    method = "tools/call",
                    @params = new
                    {
                        name = "generate_image_and_wait",
                        arguments = new
                        {
                            prompt = context.Arguments.GetString(Prompt),
                            model = context.Arguments.GetString(Model),
                            count = context.Arguments.GetInt32(Count),
                        },
                    },
                });
                return Task.CompletedTask;
            },
            GetCommandResult = ReadAnswerAsync,
        });

    private static async Task<ExecuteCommandResult> ReadAnswerAsync(HttpCommandResultContext context)
    {
        var answer = await context.Response.Content.ReadAsStringAsync(context.CancellationToken);
        if (!context.Response.IsSuccessStatusCode)
            return CommandResults.Failure($"The API responded with HTTP status {(int)context.Response.StatusCode}.", answer, CommandResultFormat.Text);

        using var json = JsonDocument.Parse(answer);
        if (!json.RootElement.TryGetProperty("result", out var result))
            return CommandResults.Failure("The API rejected the call.", answer, CommandResultFormat.Json);
        var fields = result.GetProperty("structuredContent");
        var links = LinksIn(fields).ToList();
        return fields.GetProperty("success").GetBoolean()
            ? Answers.Shown(InWords(links.Count), AsList(links))
            : CommandResults.Failure(fields.GetProperty("error").GetString()!, fields.GetRawText(), CommandResultFormat.Json);
    }

    /// <summary>Finds the links in the response: a single image has its own field, several are in a list.</summary>
    private static IEnumerable<string> LinksIn(JsonElement fields) => fields.ValueKind switch
    {
        JsonValueKind.Object => fields.EnumerateObject().SelectMany(
            field => field.NameEquals("image_url") ? [field.Value.GetString()!] : LinksIn(field.Value)),
        JsonValueKind.Array => fields.EnumerateArray().SelectMany(LinksIn),
        _ => [],
    };

    private static string InWords(int images) => images == 1 ? "1 image was generated." : $"{images} images were generated.";

    private static string AsList(List<string> links)
    {
        var list = new StringBuilder();
        for (var number = 1; number <= links.Count; number++)
            list.AppendLine(CultureInfo.InvariantCulture, $"{number}. [{links[number - 1]}]({links[number - 1]})");
        return list.ToString();
    }
}
