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

    /// <summary>What resources logged as errors during the first start, on empty volumes.</summary>
    public IReadOnlyList<string>? ErrorsOfFirstStart { get; private set; }

    public Task<RunningAppHost> StartedAsync() => _started ??= StartAsync();

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

    private async Task<RunningAppHost> StartAsync()
    {
        var host = await RunningAppHost.StartAsync(_volumes, Settings);
        ErrorsOfFirstStart ??= await ErrorsAsync(host);
        return host;
    }

    private static async Task<IReadOnlyList<string>> ErrorsAsync(RunningAppHost host)
    {
        await host.Dashboard.CaughtUpAsync(host.Client);
        return await host.Dashboard.ErrorsAsync();
    }
}
