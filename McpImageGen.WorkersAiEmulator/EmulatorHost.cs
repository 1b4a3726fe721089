using McpImageGen.WorkersAiEmulator.Drawing;
using McpImageGen.WorkersAiEmulator.Faults;
using McpImageGen.WorkersAiEmulator.Requests;
using McpImageGen.WorkersAiEmulator.Statistics;
using Microsoft.AspNetCore.HostFiltering;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace McpImageGen.WorkersAiEmulator;

/// <summary>Builds the emulator, as a standalone program or inside another process.</summary>
public static class EmulatorHost
{
    /// <summary>The default address of the program, overridden by <c>--urls</c> or <c>ASPNETCORE_URLS</c>.</summary>
    public const string DefaultUrl = "http://127.0.0.1:5290";

    private const string LocalHost = "127.0.0.1";
    private const string Anywhere = $"--urls=http://{LocalHost}:0";

    /// <summary>Builds the emulator as a program that logs to the console and stops on Ctrl-C.</summary>
    /// <param name="args">Command line settings, <c>--urls http://127.0.0.1:0</c> or <c>--Emulator:Latency 00:00:02</c> for example.</param>
    /// <param name="configure">Further settings, logging and services, applied last, so they take precedence.</param>
    public static WebApplication Build(string[] args, Action<WebApplicationBuilder>? configure = null) =>
        Build(args, builder =>
        {
            if (!HasAddress(builder.Configuration))
                builder.WebHost.UseUrls(DefaultUrl);

            // Program reports start failures, without a stack trace.
            builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);
        }, configure);

    /// <summary>
    /// Builds the emulator inside another process: it does not log to the console, leaves Ctrl-C and SIGTERM to that process (which must stop
    /// the emulator), listens on a free local port unless <paramref name="args"/> contain <c>--urls</c>, and answers no other host name. After
    /// <see cref="WebApplication.StartAsync"/> the address is in <see cref="WebApplication.Urls"/>.
    /// </summary>
    /// <param name="args">Command line settings, as for <see cref="Build(string[], Action{WebApplicationBuilder}?)"/>.</param>
    /// <param name="configure">Further settings, logging and services, applied last, so they take precedence.</param>
    public static WebApplication BuildEmbedded(string[] args, Action<WebApplicationBuilder>? configure = null) =>
        Build([Anywhere, .. args], builder =>
        {
            // Ignore the environment: its addresses and certificates are meant for the embedding process.
            builder.Configuration.Sources.Clear();
            builder.Configuration.AddCommandLine([Anywhere, .. args]);
            builder.Logging.ClearProviders();
            builder.Services.AddSingleton<IHostLifetime, EmbeddedLifetime>();
            builder.Services.Configure<HostFilteringOptions>(filtering => filtering.AllowedHosts = [LocalHost]);
        }, configure);

    private static WebApplication Build(string[] args, Action<WebApplicationBuilder> prepare, Action<WebApplicationBuilder>? configure)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions
        {
            // The emulator has no settings file to watch for changes.
            Args = ["--hostBuilder:reloadConfigOnChange=false", .. args],
            ContentRootPath = AppContext.BaseDirectory,
        });
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = RequestBody.MaxBytesRead);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(5));
        AddEmulator(builder.Services);
        prepare(builder);
        configure?.Invoke(builder);

        var app = builder.Build();
        MapEndpoints(app);
        return app;
    }

    private static void AddEmulator(IServiceCollection services)
    {
        services.AddOptions<EmulatorOptions>().BindConfiguration(EmulatorOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<EmulatorOptions>, EmulatorOptionsValidation>();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<FaultSwitch>();
        services.AddSingleton<EmulatorStatistics>();
        services.AddSingleton<RunEndpoint>();
        services.AddSingleton<BearerToken>();
        services.AddHostedService<WarmUp>();
        services.AddHealthChecks();
    }

    private static void MapEndpoints(WebApplication app)
    {
        var run = app.Services.GetRequiredService<RunEndpoint>();
        app.MapPost("/client/v4/accounts/{account}/ai/run/{**model}", (RequestDelegate)run.AnswerAsync);
        app.MapPost("/v1/{account}/{gateway}/workers-ai/{**model}", (RequestDelegate)run.AnswerAsync);
        app.MapFaults();
        app.MapStatistics();
        app.MapHealthChecks("/health");
        app.MapHealthChecks("/alive");
    }

    private static bool HasAddress(ConfigurationManager settings) =>
        settings["urls"] is not null || settings["http_ports"] is not null || settings["https_ports"] is not null
        || settings.GetSection("Kestrel:Endpoints").Exists();

    /// <summary>The embedding process decides when the emulator stops.</summary>
    private sealed class EmbeddedLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
