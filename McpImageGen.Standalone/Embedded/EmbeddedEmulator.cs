using McpImageGen.WorkersAiEmulator;
using Microsoft.Extensions.Options;

namespace McpImageGen.Standalone.Embedded;

/// <summary>The Workers AI emulator in this process, on a separate port: the worker calls it over HTTP, as it calls Cloudflare.</summary>
internal sealed class EmbeddedEmulator : IAsyncDisposable
{
    private readonly WebApplication _app;

    private EmbeddedEmulator(WebApplication app) => _app = app;

    /// <summary>Starts the emulator, unless one or both of the credentials for Workers AI are set.</summary>
    /// <exception cref="StartFailure">The address of Workers AI is set, but the credentials are not.</exception>
    public static async Task<EmbeddedEmulator?> StartWhereNoCredentialsAsync(IConfiguration configuration)
    {
        if (configuration["WorkersAi:AccountId"] is { Length: > 0 } || configuration["WorkersAi:ApiToken"] is { Length: > 0 })
            return null;
        if (configuration["WorkersAi:BaseUrl"] is { Length: > 0 })
            throw new StartFailure("WorkersAi__BaseUrl is set, but WorkersAi__AccountId and WorkersAi__ApiToken are not. Set them as well (an AI Gateway needs only the token), or set none of the three.");

        // Only this server knows the token, so no other program on this machine, nor a page in a browser, can use or change the emulator.
        var app = EmulatorHost.BuildEmbedded([], builder => builder.Configuration
            .AddInMemoryCollection([new($"{EmulatorOptions.Section}:{nameof(EmulatorOptions.ApiToken)}", DataFolder.NewToken())])
            .AddInMemoryCollection(configuration.GetSection(EmulatorOptions.Section).AsEnumerable()));
        await app.StartAsync();
        return new EmbeddedEmulator(app);
    }

    /// <summary>Configures the worker to use this emulator.</summary>
    public void TakeRequestsOf(IConfiguration worker)
    {
        worker["WorkersAi:BaseUrl"] = _app.Urls.Single() + "/client/v4/";
        worker["WorkersAi:AccountId"] = "emulator";
        worker["WorkersAi:ApiToken"] = _app.Services.GetRequiredService<IOptions<EmulatorOptions>>().Value.ApiToken;
        worker["WorkersAi:RequestsPerMinute"] ??= "0";
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
