using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace McpImageGen.ServiceDefaults;

internal static class HealthEndpoint
{
    internal static readonly string Version =
        Assembly.GetExecutingAssembly().GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "";

    public static void MapHealth(this IEndpointRouteBuilder endpoints, string architecture)
    {
        var time = endpoints.ServiceProvider.GetRequiredService<TimeProvider>();
        var reports = endpoints.ServiceProvider.GetRequiredService<HealthReports>();
        endpoints.MapMethods("/health", [HttpMethods.Get, HttpMethods.Head], AnswerAsync);

        async Task AnswerAsync(HttpContext context)
        {
            var report = await reports.LatestAsync(context.RequestAborted);
            context.Response.StatusCode = report.Status == HealthStatus.Unhealthy ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK;
            context.Response.Headers.CacheControl = "no-store, no-cache";
            await context.Response.WriteAsJsonAsync(new
            {
                status = NameOf(report.Status),
                version = Version,
                architecture,
                timestamp = time.GetUtcNow().ToString("O"),
                checks = report.Entries.ToDictionary(entry => entry.Key, entry => NameOf(entry.Value.Status)),
                // Numbers only: other data may contain addresses, and this endpoint requires no token.
                counts = report.Entries.SelectMany(entry => entry.Value.Data).Where(item => item.Value is long).ToDictionary(),
            });
        }
    }

    private static string NameOf(HealthStatus status) => status switch
    {
        HealthStatus.Healthy => "healthy",
        HealthStatus.Degraded => "degraded",
        _ => "unhealthy",
    };
}
