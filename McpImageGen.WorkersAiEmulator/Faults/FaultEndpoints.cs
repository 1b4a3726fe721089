using System.Text.Json;

namespace McpImageGen.WorkersAiEmulator.Faults;

/// <summary><c>GET</c>, <c>PUT</c> and <c>DELETE /emulator/faults</c>: shows and changes faults while the emulator is running.</summary>
internal static class FaultEndpoints
{
    private const string Path = "/emulator/faults";

    public static void MapFaults(this IEndpointRouteBuilder app)
    {
        var faults = app.ServiceProvider.GetRequiredService<FaultSwitch>();
        var token = app.ServiceProvider.GetRequiredService<BearerToken>();
        app.MapGet(Path, token.Guard(context => DescribeAsync(context, faults)));
        app.MapPut(Path, token.Guard(context => SetAsync(context, faults)));
        app.MapDelete(Path, token.Guard(context =>
        {
            faults.Clear();
            return DescribeAsync(context, faults);
        }));
    }

    private static Task DescribeAsync(HttpContext context, FaultSwitch faults) =>
        context.Response.WriteAsJsonAsync(faults.Describe(), context.RequestAborted);

    private static async Task SetAsync(HttpContext context, FaultSwitch faults)
    {
        if (await ReadAsync(context) is not { Kind: { } kind } wanted || FaultTable.Find(kind) is not { } fault)
        {
            await RefuseAsync(context, $"kind must be one of {FaultTable.Names}");
            return;
        }

        var retryAfter = wanted.RetryAfter is { } text ? PromptDirectives.Duration(text, EmulatorOptionsValidation.MaxRetryAfter) : null;
        switch (wanted)
        {
            case { RetryAfter: not null } when retryAfter is null:
                await RefuseAsync(context, "retryAfter must be a duration such as 5s or 2m, at most one day");
                return;
            case { Count: > 0, Rate: null }:
                faults.SetNext(fault, wanted.Count.Value, retryAfter);
                break;
            case { Count: null, Rate: >= 0 and <= 1 }:
                faults.SetRate(fault, wanted.Rate.Value, retryAfter);
                break;
            default:
                await RefuseAsync(context, "set either count (1 or more) or rate (0 to 1), not both");
                return;
        }

        await DescribeAsync(context, faults);
    }

    private static async Task<FaultSetting?> ReadAsync(HttpContext context)
    {
        try
        {
            return await JsonSerializer.DeserializeAsync<FaultSetting>(
                context.Request.Body, JsonSerializerOptions.Web, context.RequestAborted);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static Task RefuseAsync(HttpContext context, string why)
    {
        context.Response.StatusCode = StatusCodes.Status400BadRequest;
        return context.Response.WriteAsJsonAsync(new { error = why }, context.RequestAborted);
    }
}
