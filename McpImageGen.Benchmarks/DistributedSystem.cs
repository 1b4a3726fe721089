namespace McpImageGen.Benchmarks;

/// <summary>
/// Measures the latency of the distributed system: 2 APIs, 3 workers and the emulator, each in a separate process, on the servers given by
/// <c>ConnectionStrings__jobs</c>, <c>__messaging</c>, <c>__redis</c> and <c>__images</c>.
/// </summary>
internal static class DistributedSystem
{
    private const int EmulatorPort = 5290;
    private const int FirstApiPort = 5291;
    private const int FirstWorkerPort = 5293;

    public static async Task MeasureAsync(Report report)
    {
        // APIs and workers inherit the connection strings from the environment.
        string[] provider =
        [
            "--WorkersAi:AccountId=emulator", "--WorkersAi:ApiToken=emulator", "--WorkersAi:RequestsPerMinute=0",
            $"--WorkersAi:BaseUrl=http://127.0.0.1:{EmulatorPort}/client/v4/",
        ];
        await using var emulator = ServerProcess.StartProvider(EmulatorPort, $"--Emulator:Latency={Latency.Provider}", "--Emulator:ApiToken=emulator");
        await using var api1 = ServerProcess.Start("McpApi", FirstApiPort);
        await using var api2 = ServerProcess.Start("McpApi", FirstApiPort + 1);
        await using var worker1 = ServerProcess.Start("GenerationWorker", FirstWorkerPort, provider);
        await using var worker2 = ServerProcess.Start("GenerationWorker", FirstWorkerPort + 1, provider);
        await using var worker3 = ServerProcess.Start("GenerationWorker", FirstWorkerPort + 2, provider);
        foreach (var process in (ServerProcess[])[emulator, api1, api2, worker1, worker2, worker3])
            await process.ReadyAsync();

        await Latency.MeasureAsync(report, [api1.Http, api2.Http]);
    }
}
