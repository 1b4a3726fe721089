using McpImageGen.Benchmarks;

// Usage: dotnet run -c Release --project McpImageGen.Benchmarks
// Measures the standalone server as the process that users start, the emulator's latency at 2 s.
var report = new Report();
await FirstAnswer.MeasureAsync(report);
await Latency.MeasureAsync(report);
await ManyWaiters.MeasureAsync(report);
return report.AllReached ? 0 : 1;
