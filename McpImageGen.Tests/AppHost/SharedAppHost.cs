namespace McpImageGen.Tests.AppHost;

/// <summary>
/// One running AppHost for all tests of <see cref="WithAppHost"/>. It starts when a test first asks for it; without Docker that test is skipped.
/// </summary>
public sealed class SharedAppHost : IAsyncDisposable
{
    // Images come soon, and 20 of them at once are more than two workers can have.
    private static readonly string[] Settings = ["--Parameters:emulator-latency=00:00:00.200", "--Parameters:worker-concurrency=4"];

    private readonly TestVolumes _volumes = new();
    private Task<RunningAppHost>? _started;

    public Task<RunningAppHost> StartedAsync() => _started ??= RunningAppHost.StartAsync(_volumes, Settings);

    /// <summary>Stops it and starts it anew, on the same data.</summary>
    public async Task<RunningAppHost> RestartedAsync()
    {
        await (await StartedAsync()).DisposeAsync();
        _started = null;
        return await StartedAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_started is { IsCompletedSuccessfully: true })
            await (await _started).DisposeAsync();
        await _volumes.DisposeAsync();
    }
}
