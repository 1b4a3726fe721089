using McpImageGen.ServiceDefaults;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Time.Testing;

namespace McpImageGen.Tests.Telemetry;

/// <summary><c>/health</c> needs no token, so it must not cost a request to each server whenever somebody asks.</summary>
public sealed class HealthReportsTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Health_checks_run_once_for_all_requests_within_a_few_seconds()
    {
        var runs = 0;
        var healthy = true;
        var time = new FakeTimeProvider();
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrel().UseUrls("http://127.0.0.1:0");
        builder.Services.AddRouting();
        builder.Services.AddSingleton<TimeProvider>(time);
        builder.AddServiceDefaults();
        builder.Services.AddHealthChecks().AddAsyncCheck("store", async cancellationToken =>
        {
            Interlocked.Increment(ref runs);
            await Task.Yield();
            return healthy ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy();
        });
        await using var app = builder.Build();
        app.MapServiceDefaults("test");
        await app.StartAsync(Cancel);
        using var http = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };

        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => http.GetStringAsync("/health", Cancel)));
        Assert.Equal(1, runs);

        healthy = false;
        time.Advance(TimeSpan.FromSeconds(4));
        using var response = await http.GetAsync("/health", Cancel);
        Assert.Equal(503, (int)response.StatusCode);
        Assert.Contains("\"store\":\"unhealthy\"", await response.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
        Assert.Equal(2, runs);
    }
}
