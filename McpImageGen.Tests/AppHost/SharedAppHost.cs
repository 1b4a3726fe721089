namespace McpImageGen.Tests.AppHost;

/// <summary>
/// One running AppHost for all tests of <see cref="WithAppHost"/>. It starts when a test first asks for it; without Docker that test is skipped.
/// </summary>
public sealed class SharedAppHost : IAsyncDisposable
{
    /// <summary>Generations at once in one worker: so few that 20 images need all three.</summary>
    public const int WorkerConcurrency = 4;

    private static readonly string[] Settings =
        ["--Parameters:emulator-latency=00:00:00.200", $"--Parameters:worker-concurrency={WorkerConcurrency}"];

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
