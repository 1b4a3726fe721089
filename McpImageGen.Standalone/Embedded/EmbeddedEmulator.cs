using McpImageGen.WorkersAiEmulator;
using Microsoft.Extensions.Options;

namespace McpImageGen.Standalone.Embedded;

/// <summary>The Workers AI emulator within this process, on a port of its own: the worker talks to it over HTTP as it does to Cloudflare.</summary>
internal sealed class EmbeddedEmulator : IAsyncDisposable
{
    private readonly WebApplication _app;

    private EmbeddedEmulator(WebApplication app) => _app = app;

    /// <summary>Starts the emulator and points the worker's settings to it, unless they hold credentials, or half of them.</summary>
    public static async Task<EmbeddedEmulator?> StartWhereNoCredentialsAsync(ConfigurationManager configuration)
    {
        if (configuration["WorkersAi:AccountId"] is { Length: > 0 } || configuration["WorkersAi:ApiToken"] is { Length: > 0 })
            return null;
        if (configuration["WorkersAi:BaseUrl"] is { Length: > 0 })
            throw new StartFailure("WorkersAi__BaseUrl is set, but WorkersAi__AccountId and WorkersAi__ApiToken are not. Set all three or none.");

        var app = EmulatorHost.BuildEmbedded(
            [], builder => builder.Configuration.AddInMemoryCollection(configuration.GetSection(EmulatorOptions.Section).AsEnumerable()));
        await app.StartAsync();
        configuration["WorkersAi:BaseUrl"] = app.Urls.Single() + "/client/v4/";
        configuration["WorkersAi:AccountId"] = "emulator";
        configuration["WorkersAi:ApiToken"] = app.Services.GetRequiredService<IOptions<EmulatorOptions>>().Value.ApiToken;
        return new EmbeddedEmulator(app);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
