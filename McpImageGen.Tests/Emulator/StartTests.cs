using McpImageGen.WorkersAiEmulator;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace McpImageGen.Tests.Emulator;

public sealed class StartTests
{
    [Theory]
    [InlineData("Emulator:ApiToken", " ", "Emulator__ApiToken must not be empty.")]
    [InlineData("Emulator:Latency", "00:10:01", "Emulator__Latency is 00:10:01; it must be between 00:00:00 and 00:10:00.")]
    [InlineData("Emulator:Latency", "-00:00:01", "Emulator__Latency is -00:00:01; it must be between 00:00:00 and 00:10:00.")]
    [InlineData("Emulator:Faults:Next", "sever-error*2", "Emulator__Faults__Next is 'sever-error*2'; it must be NAME or NAME*COUNT")]
    [InlineData("Emulator:Faults:Next", "server-error*0", "Emulator__Faults__Next is 'server-error*0'; it must be NAME or NAME*COUNT")]
    [InlineData("Emulator:Faults:Kind", "sever-error", "Emulator__Faults__Kind is 'sever-error'; it must be one of quota-3036, ")]
    [InlineData("Emulator:Faults:Rate", "1.1", "Emulator__Faults__Rate is 1.1; it must be between 0 and 1.")]
    [InlineData("Emulator:Faults:Rate", "0.1", "Emulator__Faults__Rate requires Emulator__Faults__Kind")]
    [InlineData("Emulator:Faults:RetryAfter", "-00:00:01", "Emulator__Faults__RetryAfter is -00:00:01; it must be ")]
    public async Task Invalid_setting_prevents_the_start_with_one_line(string name, string value, string message)
    {
        var failure = await Assert.ThrowsAsync<OptionsValidationException>(() => RunningEmulator.StartAsync(null, (name, value)));

        Assert.StartsWith(message, failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', failure.Message);
    }

    [Fact]
    public async Task Settings_can_be_passed_as_arguments()
    {
        await using var app = EmulatorHost.BuildEmbedded(["--Emulator:Latency", "00:00:07"]);

        Assert.Equal(TimeSpan.FromSeconds(7), app.Services.GetRequiredService<IOptions<EmulatorOptions>>().Value.Latency);
    }

    [Fact]
    public async Task Embedded_emulator_has_no_console_log_and_does_not_handle_process_signals()
    {
        await using var app = EmulatorHost.BuildEmbedded([]);

        Assert.Empty(app.Services.GetServices<ILoggerProvider>());
        Assert.DoesNotContain("Console", app.Services.GetRequiredService<IHostLifetime>().GetType().Name, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Embedded_emulator_can_be_started_again_after_a_stop()
    {
        for (var round = 0; round < 2; round++)
        {
            await using var app = EmulatorHost.BuildEmbedded(["--urls", "http://127.0.0.1:0"]);
            await app.StartAsync(TestContext.Current.CancellationToken);
            Assert.NotEqual(0, new Uri(app.Urls.Single()).Port);
            await app.StopAsync(TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public async Task Emulator_program_listens_on_port_5290_by_default()
    {
        await using var usual = EmulatorHost.Build([]);
        await using var told = EmulatorHost.Build(["--urls", "http://127.0.0.1:0"]);

        Assert.Equal("http://127.0.0.1:5290", usual.Configuration["urls"]);
        Assert.Equal("http://127.0.0.1:0", told.Configuration["urls"]);
    }
}
