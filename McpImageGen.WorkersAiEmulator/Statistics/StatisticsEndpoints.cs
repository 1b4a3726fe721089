namespace McpImageGen.WorkersAiEmulator.Statistics;

/// <summary><c>GET /emulator/statistics</c> and <c>/emulator/statistics/arrivals</c>, and <c>DELETE</c> to reset the counts.</summary>
internal static class StatisticsEndpoints
{
    private const string Path = "/emulator/statistics";

    public static void MapStatistics(this IEndpointRouteBuilder app)
    {
        var statistics = app.ServiceProvider.GetRequiredService<EmulatorStatistics>();
        var token = app.ServiceProvider.GetRequiredService<BearerToken>();
        app.MapGet(Path, token.Guard(context => context.Response.WriteAsJsonAsync(statistics.Report(), context.RequestAborted)));
        app.MapGet(
            $"{Path}/arrivals",
            token.Guard(context => context.Response.WriteAsJsonAsync(statistics.Arrivals(), context.RequestAborted)));
        app.MapDelete(Path, token.Guard(context =>
        {
            statistics.Reset();
            context.Response.StatusCode = StatusCodes.Status204NoContent;
            return Task.CompletedTask;
        }));
    }
}
