using McpImageGen.WorkersAiEmulator;
using Microsoft.Extensions.Options;

namespace McpImageGen.Standalone.Embedded;

/// <summary>The Workers AI emulator within this process, on a port of its own: the worker talks to it over HTTP as it does to Cloudflare.</summary>
internal sealed class EmbeddedEmulator : IAsyncDisposable
{
    private readonly WebApplication _app;

    private EmbeddedEmulator(WebApplication app) => _app = app;

    /// <summary>Starts the emulator, unless the settings hold credentials for Workers AI, or half of them.</summary>
    /// <exception cref="StartFailure">The settings say where Workers AI is, but not with which credentials.</exception>
    public static async Task<EmbeddedEmulator?> StartWhereNoCredentialsAsync(IConfiguration configuration)
    {
        if (configuration["WorkersAi:AccountId"] is { Length: > 0 } || configuration["WorkersAi:ApiToken"] is { Length: > 0 })
            return null;
        if (configuration["WorkersAi:BaseUrl"] is { Length: > 0 })
            throw new StartFailure("WorkersAi__BaseUrl is set, but WorkersAi__AccountId and WorkersAi__ApiToken are not. Set them too (an AI Gateway needs the token only), or none of the three.");

        var app = EmulatorHost.BuildEmbedded(
            [], builder => builder.Configuration.AddInMemoryCollection(configuration.GetSection(EmulatorOptions.Section).AsEnumerable()));
        await app.StartAsync();
        return new EmbeddedEmulator(app);
    }

    /// <summary>Points the worker's settings to this emulator.</summary>
    public void TakeRequestsOf(IConfiguration worker)
    {
        worker["WorkersAi:BaseUrl"] = _app.Urls.Single() + "/client/v4/";
        worker["WorkersAi:AccountId"] = "emulator";
        worker["WorkersAi:ApiToken"] = _app.Services.GetRequiredService<IOptions<EmulatorOptions>>().Value.ApiToken;
        worker["WorkersAi:RequestsPerMinute"] ??= "0";
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
