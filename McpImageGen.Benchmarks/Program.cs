using McpImageGen.Benchmarks;

// Usage: dotnet run -c Release --project McpImageGen.Benchmarks [-- standalone | distributed | throughput | apphost | growth]
//   standalone    the standalone server as users start it, with an emulator latency of 2 s
//   distributed   2 APIs, 3 workers and the emulator as processes, on the servers given by the four ConnectionStrings__…
//   throughput    jobs per second compared with the bare drivers, on the servers given by ConnectionStrings__jobs, __messaging and __redis
//   apphost       the time until the AppHost is healthy, then its latencies; the container images must be present
//   growth        the most frequent queries with 1,000 and with 1,000,000 jobs: on SQLite, and on Postgres if ConnectionStrings__jobs
//                 is set to a server on which databases may be created
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
    case ["throughput"]:
        await Throughput.MeasureAsync(report);
        break;
    case ["apphost"]:
        await WholeApplication.MeasureAsync(report);
        break;
    case ["growth"]:
        await Growth.MeasureAsync(report);
        break;
    default:
        await Console.Error.WriteLineAsync("Unknown benchmark. The benchmarks are standalone (the default), distributed, throughput, apphost and growth.");
        return 2;
}

return report.AllReached ? 0 : 1;
