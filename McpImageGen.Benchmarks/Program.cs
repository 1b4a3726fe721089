using McpImageGen.Benchmarks;

// Usage: dotnet run -c Release --project McpImageGen.Benchmarks [-- standalone | distributed | apphost | growth]
//   standalone    the standalone server as the process that users start, the emulator's latency at 2 s
//   distributed   2 APIs, 3 workers and the emulator as processes, on the servers that the four ConnectionStrings__… name
//   apphost       the AppHost from its start to where all is healthy, then the latencies through it; its images have to be there
//   growth        what is asked most, among 1,000 jobs and among 1,000,000: on SQLite, and on Postgres where ConnectionStrings__jobs
//                 names a server on which databases may be made
var report = new Report();
switch (args)
{
    case [] or ["standalone"]:
        await FirstAnswer.MeasureAsync(report);
        await Latency.MeasureAsync(report);
        await ManyWaiters.MeasureAsync(report);
        break;
    case ["distributed"]:
        await DistributedSystem.MeasureAsync(report);
        break;
    case ["apphost"]:
        await WholeApplication.MeasureAsync(report);
        break;
    case ["growth"]:
        await Growth.MeasureAsync(report);
        break;
    default:
        await Console.Error.WriteLineAsync("There are the benchmarks standalone (the default), distributed, apphost and growth.");
        return 2;
}

return report.AllReached ? 0 : 1;
