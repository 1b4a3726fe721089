using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;

namespace McpImageGen.AppHost.Dashboard;

/// <summary>The commands that let the emulator's answers fail, and work again.</summary>
internal static class EmulatorFaults
{
    public const string SetCommandName = "set-fault";
    public const string ClearCommandName = "clear-faults";

    private const string Path = "/emulator/faults";
    private const string Kind = "kind";
    private const string Which = "which";
    private const string Next = "next";
    private const string Share = "share";
    private const string Number = "number";
    private const string RetryAfter = "retry-after";
    private const int MostRequests = 1_000_000;
    private const int LongestRetryAfter = 86_400;

    /// <param name="emulator">The emulator.</param>
    /// <param name="token">The bearer token that it accepts.</param>
    public static IResourceBuilder<ProjectResource> WithFaultCommands(this IResourceBuilder<ProjectResource> emulator, string token) =>
        emulator
            .WithHttpCommand(Path, "Set a fault", "http", SetCommandName, new HttpCommandOptions
            {
                Method = HttpMethod.Put,
                Description = "Lets some of the requests for images fail, in place of the fault that was set before.",
                IconName = "BugArrowCounterclockwise",
                IsHighlighted = true,
                Arguments =
                [
                    new InteractionInput
                    {
                        Name = Kind,
                        Label = "Fault",
                        InputType = InputType.Choice,
                        Required = true,
                        Value = "server-error",
                        DynamicLoading = new InputLoadOptions
                        {
                            AlwaysLoadOnStart = true,
                            LoadCallback = context => LoadKindsAsync(context, emulator.GetEndpoint("http"), token),
                        },
                    },
                    new InteractionInput
                    {
                        Name = Which,
                        Label = "Which requests",
                        InputType = InputType.Choice,
                        Required = true,
                        Options = [KeyValuePair.Create(Next, "The next ones: the number says how many"), KeyValuePair.Create(Share, "A share of all: the number is a percentage")],
                        Value = Next,
                    },
                    new InteractionInput { Name = Number, Label = "Number", InputType = InputType.Number, Required = true, Value = "1" },
                    new InteractionInput
                    {
                        Name = RetryAfter,
                        Label = "Retry-After",
                        Description = "The seconds that answers of status 429 and 503 ask to wait, 0 to 86400.",
                        InputType = InputType.Number,
                    },
                ],
                ValidateArguments = Validate,
                PrepareRequest = context =>
                {
                    var isShare = context.Arguments.GetString(Which) == Share;
                    var number = context.Arguments.GetInt32(Number);
                    context.Request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
                    context.Request.Content = JsonContent.Create(new
                    {
                        kind = context.Arguments.GetString(Kind),
                        count = isShare ? null : (int?)number,
                        rate = isShare ? number / 100.0 : (double?)null,
                        retryAfter = context.Arguments.GetString(RetryAfter) is { Length: > 0 } seconds ? $"{seconds}s" : null,
                    });
                    return Task.CompletedTask;
                },
                GetCommandResult = TellAsync,
            })
            .WithHttpCommand(Path, "Clear faults", "http", ClearCommandName, new HttpCommandOptions
            {
                Method = HttpMethod.Delete,
                Description = "Requests for images succeed again, but those whose prompt asks for a fault.",
                IconName = "Broom",
                IsHighlighted = true,
                PrepareRequest = context =>
                {
                    context.Request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
                    return Task.CompletedTask;
                },
                GetCommandResult = TellAsync,
            });

    private static Task Validate(InputsDialogValidationContext context)
    {
        if (context.Inputs[Which].Value == Share)
            context.DemandWholeNumber(Number, 0, 100);
        else
            context.DemandWholeNumber(Number, 1, MostRequests);
        context.DemandWholeNumber(RetryAfter, 0, LongestRetryAfter);
        return Task.CompletedTask;
    }

    /// <summary>The names of all faults, which the emulator tells.</summary>
    private static async Task LoadKindsAsync(LoadInputContext context, EndpointReference emulator, string token)
    {
        using var http = context.Services.GetRequiredService<IHttpClientFactory>().CreateClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, emulator.Url + Path) { Headers = { Authorization = new("Bearer", token) } };
        using var response = await http.SendAsync(request, context.CancellationToken);
        response.EnsureSuccessStatusCode();
        var faults = await response.Content.ReadFromJsonAsync<JsonElement>(context.CancellationToken);
        context.Input.Options = [.. faults.GetProperty("kinds").EnumerateArray().Select(kind => kind.GetString()!).Select(kind => KeyValuePair.Create(kind, kind))];
    }

    private static async Task<ExecuteCommandResult> TellAsync(HttpCommandResultContext context)
    {
        if (!context.Response.IsSuccessStatusCode)
        {
            var answer = await context.Response.Content.ReadAsStringAsync(context.CancellationToken);
            return CommandResults.Failure($"The emulator answers {(int)context.Response.StatusCode}.", answer, CommandResultFormat.Text);
        }

        var faults = await context.Response.Content.ReadFromJsonAsync<JsonElement>(context.CancellationToken);
        return Answers.Shown(InWords(faults));
    }

    private static string InWords(JsonElement faults) => faults switch
    {
        _ when faults.GetProperty("next") is { ValueKind: JsonValueKind.Object } next =>
            $"The next {next.GetProperty("count").GetInt32()} request(s) fail: {next.GetProperty("kind").GetString()}.",
        _ when faults.GetProperty("some") is { ValueKind: JsonValueKind.Object } some => string.Create(
            CultureInfo.InvariantCulture,
            $"{some.GetProperty("rate").GetDouble() * 100:0.##} % of the requests fail: {some.GetProperty("kind").GetString()}."),
        _ => "No request fails, but those whose prompt asks for it.",
    };
}
