using System.Net.Sockets;
using McpImageGen.GenerationWorker;
using McpImageGen.GenerationWorker.RateLimit;
using McpImageGen.Jobs.Database;
using McpImageGen.Jobs.Scheduling;
using McpImageGen.Jobs.Signals;
using McpImageGen.McpApi;
using McpImageGen.McpApi.Auth;
using McpImageGen.McpApi.Sse;
using McpImageGen.ServiceDefaults;
using McpImageGen.Standalone.Embedded;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace McpImageGen.Standalone;

/// <summary>
/// The whole system in one process: the API and a worker on embedded components, and the emulator if there are no credentials.
/// </summary>
internal sealed class StandaloneServer : IAsyncDisposable
{
    public const string DefaultUrl = "http://127.0.0.1:5280";

    private readonly WebApplication _app;
    private readonly string _localToken;

    private StandaloneServer(WebApplication app, DataFolder data, EmbeddedEmulator? emulator, (string Token, string? Place) token, string localToken)
    {
        _app = app;
        Data = data;
        Emulator = emulator;
        (Token, TokenPlace) = token;
        _localToken = localToken;
    }

    public DataFolder Data { get; }

    /// <summary>The emulator that replaces Workers AI; null if credentials are set.</summary>
    public EmbeddedEmulator? Emulator { get; }

    /// <summary>The bearer token of the user.</summary>
    public string Token { get; }

    /// <summary>Where the user finds the token; null if it was generated at this start.</summary>
    public string? TokenPlace { get; }

    /// <summary>The address that the server listens on.</summary>
    public string Address => _app.Urls.First().Replace("0.0.0.0", "127.0.0.1").Replace("[::]", "127.0.0.1").TrimEnd('/');

    /// <summary>How other processes of this user call it.</summary>
    public LocalServer Local => new(Address, _localToken);

    public IServiceProvider Services => _app.Services;

    /// <summary>Starts the server.</summary>
    /// <param name="args">The command line.</param>
    /// <param name="configure">Changes made by an embedding program.</param>
    /// <exception cref="StartFailure">A setting is invalid, or the data folder cannot be used.</exception>
    public static async Task<StandaloneServer> StartAsync(string[] args, Action<WebApplicationBuilder>? configure = null)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.Configuration.Sources.Insert(0, StandaloneDefaults.Source);
        configure?.Invoke(builder);

        // Program reports start failures, in one line.
        var hasStarted = false;
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", level => hasStarted && level >= LogLevel.Warning);

        var data = DataFolder.Open(CommandLine.DataFolder(args) ?? DataFolder.DefaultPath
            ?? throw new StartFailure("There is no default data folder for this user. Choose a folder with --data DIR."));
        EmbeddedEmulator? emulator = null;
        try
        {
            var token = StandaloneDefaults.ChooseToken(builder.Configuration, data);
            var localToken = DataFolder.NewToken();
            builder.Services.PostConfigure<AuthOptions>(
                auth => auth.Tokens.Add(new OwnerToken { Owner = AuthOptions.DefaultOwner, Token = localToken }));

            // Slow, independent steps run in parallel, which halves the start time.
            var emulatorStarts = Task.Run(() => EmbeddedEmulator.StartWhereNoCredentialsAsync(builder.Configuration));
            var app = Build(builder, data);
            var jobsGetReady = Task.Run(() => MakeReadyAsync(app.Services));
            Map(app);
            emulator = await emulatorStarts;
            emulator?.TakeRequestsOf(app.Configuration);
            await jobsGetReady;

            app.Services.GetRequiredService<IStartupValidator>().Validate();
            await ListenAsync(app);
            hasStarted = true;
            var server = new StandaloneServer(app, data, emulator, token, localToken);
            data.Publish(server.Local);
            return server;
        }
        catch
        {
            if (emulator is not null)
                await emulator.DisposeAsync();
            data.Dispose();
            throw;
        }
    }

    /// <summary>Returns when the server is asked to stop.</summary>
    public Task WaitForStopRequestAsync() => Task.Delay(Timeout.Infinite, _app.Lifetime.ApplicationStopping)
        .ContinueWith(_ => { }, TaskScheduler.Default);

    /// <summary>Stops the server: running jobs are finished or released, and the data folder is unlocked.</summary>
    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        if (Emulator is not null)
            await Emulator.DisposeAsync();
        Data.Dispose();
    }

    private static WebApplication Build(WebApplicationBuilder builder, DataFolder data)
    {
        builder.AddServiceDefaults();
        builder.AddSqliteJobs(data.DatabaseFile);
        builder.AddImageFiles(data.ImagesFolder);
        builder.Services.AddHealthChecks().AddCheck("disk", new DiskSpaceHealth(data));
        builder.Services.AddSingleton<IJobSignals, InProcessJobSignals>();
        builder.AddInProcessSseMessages();
        builder.AddInProcessRateLimit();
        builder.AddGenerationWorker();
        builder.AddInMemoryBus(bus => bus.AddGenerationConsumers());
        builder.AddMcpApi();
        return builder.Build();
    }

    private static void Map(WebApplication app)
    {
        app.UseMcpApi();
        app.MapServiceDefaults("standalone");
    }

    private static async Task ListenAsync(WebApplication app)
    {
        try
        {
            await app.StartAsync();
        }
        catch (Exception exception) when (exception is IOException or SocketException or ArgumentException or FormatException or InvalidOperationException)
        {
            throw new StartFailure(
                $"Cannot listen on {app.Configuration["urls"]}: {exception.Message.ReplaceLineEndings(" ")} "
                + "Stop the program that uses the port, or choose another address with --urls http://127.0.0.1:PORT.",
                exception);
        }
    }

    private static async Task MakeReadyAsync(IServiceProvider services)
    {
        await using var context = await services.GetRequiredService<IDbContextFactory<JobsDbContext>>().CreateDbContextAsync();
        await services.GetRequiredService<JobsDatabase>().MigrateAsync(context, CancellationToken.None);
        await services.GetRequiredService<JobReclaim>().StartAloneAsync(CancellationToken.None);
    }
}
