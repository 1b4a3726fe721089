using McpImageGen.ServiceDefaults;
using McpImageGen.Tests.WorkersAi;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace McpImageGen.Tests.Telemetry;

/// <summary>What a service logs of the health that it is asked for every few seconds.</summary>
public sealed class HealthLogTests : IAsyncLifetime
{
    private static readonly TimeSpan BetweenProbes = TimeSpan.FromSeconds(5);

    private readonly FakeTimeProvider _time = new();
    private readonly KeptLogs _logs = new();
    private WebApplication _service = null!;
    private HttpClient _http = null!;
    private HealthCheckResult _state = HealthCheckResult.Healthy();

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.AddServiceDefaults();
        builder.Services.AddSingleton<TimeProvider>(_time);
        builder.Services.AddHealthChecks().AddCheck("server", () => _state);
        builder.Logging.ClearProviders().AddProvider(_logs).AddFilter("Microsoft.AspNetCore", LogLevel.Warning).AddFilter("Microsoft.Hosting", LogLevel.Warning);
        _service = builder.Build();
        _service.MapServiceDefaults("test");
        await _service.StartAsync(TestContext.Current.CancellationToken);
        _http = new HttpClient { BaseAddress = new Uri(_service.Urls.Single()) };
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _service.DisposeAsync();
    }

    [Fact]
    public async Task Service_that_is_still_starting_logs_no_health_warning()
    {
        _state = HealthCheckResult.Unhealthy("It starts.");
        await ProbeAsync(2);
        _state = HealthCheckResult.Healthy();
        await ProbeAsync(1);

        Assert.Empty(_logs.Lines);
    }

    [Fact]
    public async Task Persistent_health_failure_and_its_end_are_each_logged_once()
    {
        await ProbeAsync(1);
        _state = HealthCheckResult.Unhealthy("Nobody answers.");
        await ProbeAsync(20);
        _state = HealthCheckResult.Healthy();
        await ProbeAsync(2);

        Assert.Equal(
            [
                (LogLevel.Warning, "The health check server is Unhealthy: Nobody answers."),
                (LogLevel.Information, "The health check server is healthy again"),
            ],
            _logs.Lines);
    }

    [Fact]
    public async Task Health_failure_since_the_start_is_logged()
    {
        _state = HealthCheckResult.Degraded("Slow.");
        await ProbeAsync(3);

        Assert.Equal([(LogLevel.Warning, "The health check server is Degraded: Slow.")], _logs.Lines);
    }

    [Fact]
    public async Task Repeated_health_failure_is_logged_again()
    {
        for (var fault = 0; fault < 2; fault++)
        {
            _state = HealthCheckResult.Unhealthy("Nobody answers.");
            await ProbeAsync(3);
            _state = HealthCheckResult.Healthy();
            await ProbeAsync(1);
        }

        Assert.Equal(4, _logs.Lines.Count);
    }

    private async Task ProbeAsync(int times)
    {
        for (var probe = 0; probe < times; probe++)
        {
            using var response = await _http.GetAsync("/health", TestContext.Current.CancellationToken);
            Assert.Equal(_state.Status == HealthStatus.Unhealthy ? 503 : 200, (int)response.StatusCode);
            _time.Advance(BetweenProbes);
        }
    }
}
