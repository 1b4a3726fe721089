using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;

namespace McpImageGen.AppHost.Dashboard;

/// <summary>Commands that set and clear faults in the emulator.</summary>
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
    private const int MaxRequests = 1_000_000;
    private const int MaxRetryAfter = 86_400;

    /// <param name="emulator">The emulator.</param>
    /// <param name="token">The bearer token that the emulator accepts.</param>
    public static IResourceBuilder<ProjectResource> WithFaultCommands(this IResourceBuilder<ProjectResource> emulator, string token) =>
        emulator
            .WithHttpCommand(Path, "Set a fault", "http", SetCommandName, new HttpCommandOptions
            {
                Method = HttpMethod.Put,
                Description = "Makes some image requests fail. Replaces the current fault.",
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
                        Options = [KeyValuePair.Create(Next, "The next N requests (Number = N)"), KeyValuePair.Create(Share, "A percentage of all requests (Number = percentage)")],
                        Value = Next,
                    },
                    new InteractionInput { Name = Number, Label = "Number", InputType = InputType.Number, Required = true, Value = "1" },
                    new InteractionInput
                    {
                        Name = RetryAfter,
                        Label = "Retry-After",
                        Description = "The Retry-After header of responses with status 429 or 503, in seconds, 0 to 86400.",
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
                GetCommandResult = SignalAsync,
            })
            .WithHttpCommand(Path, "Clear faults", "http", ClearCommandName, new HttpCommandOptions
            {
                Method = HttpMethod.Delete,
                Description = "Makes image requests succeed again, except those whose prompt requests a fault.",
                IconName = "Broom",
                IsHighlighted = true,
                PrepareRequest = context =>
                {
                    context.Request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
                    return Task.CompletedTask;
                },
                GetCommandResult = SignalAsync,
            });

    private static Task Validate(InputsDialogValidationContext context)
    {
        if (context.Inputs[Which].Value == Share)
            context.DemandWholeNumber(Number, 0, 100);
        else
            context.DemandWholeNumber(Number, 1, MaxRequests);
        context.DemandWholeNumber(RetryAfter, 0, MaxRetryAfter);
        return Task.CompletedTask;
    }

    /// <summary>Loads the names of all faults from the emulator.</summary>
    private static async Task LoadKindsAsync(LoadInputContext context, EndpointReference emulator, string token)
    {
        using var http = context.Services.GetRequiredService<IHttpClientFactory>().CreateClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, emulator.Url + Path) { Headers = { Authorization = new("Bearer", token) } };
        using var response = await http.SendAsync(request, context.CancellationToken);
        response.EnsureSuccessStatusCode();
        var faults = await response.Content.ReadFromJsonAsync<JsonElement>(context.CancellationToken);
        context.Input.Options = [.. faults.GetProperty("kinds").EnumerateArray().Select(kind => kind.GetString()!).Select(kind => KeyValuePair.Create(kind, kind))];
    }

    private static async Task<ExecuteCommandResult> SignalAsync(HttpCommandResultContext context)
    {
        if (!context.Response.IsSuccessStatusCode)
        {
            var answer = await context.Response.Content.ReadAsStringAsync(context.CancellationToken);
            return CommandResults.Failure($"The emulator responded with HTTP status {(int)context.Response.StatusCode}.", answer, CommandResultFormat.Text);
        }

        var faults = await context.Response.Content.ReadFromJsonAsync<JsonElement>(context.CancellationToken);
        return Answers.Shown(InWords(faults));
    }

    private static string InWords(JsonElement faults) => faults switch
    {
        _ when faults.GetProperty("next") is { ValueKind: JsonValueKind.Object } next =>
            $"The next {next.GetProperty("count").GetInt32()} request(s) will fail with {next.GetProperty("kind").GetString()}.",
        _ when faults.GetProperty("some") is { ValueKind: JsonValueKind.Object } some => string.Create(
            CultureInfo.InvariantCulture,
            $"{some.GetProperty("rate").GetDouble() * 100:0.##}% of requests will fail with {some.GetProperty("kind").GetString()}."),
        _ => "No fault is set. Only requests whose prompt requests a fault will fail.",
    };
}
