using System.Diagnostics;
using McpImageGen.Tests.Containers;
using McpImageGen.Tests.Distributed;
using McpImageGen.Tests.Testing;
using Npgsql;

namespace McpImageGen.Tests.Telemetry;

/// <summary>What the APIs and the workers send to a collector, the drivers of their servers included.</summary>
[Slow]
public sealed class DistributedExportTests(Servers servers)
{
    private const string Api = "McpImageGen.McpApi";
    private const string Worker = "McpImageGen.GenerationWorker";
    private const string Prompt = "a heron that nobody may hear of";

    [Fact]
    public async Task Call_produces_one_trace_with_all_driver_spans_and_background_work_produces_none()
    {
        await using var collector = await Collector.StartAsync();
        await using var system = new DistributedSystem(servers);
        system.Settings["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.Address;
        system.Settings["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf";
        system.Settings["OTEL_METRIC_EXPORT_INTERVAL"] = "1000";
        system.Settings["OTEL_BSP_SCHEDULE_DELAY"] = "200";
        await system.StartedAsync(apis: 1, workers: 1);

        // Idle for some seconds: the loops ask the database each second, and the health was asked for.
        foreach (var service in (string[])[Api, Worker])
            await UntilAsync(() => collector.Times("db.client.operation.duration", service, "/v1/metrics") >= 5, $"{service} has sent the metrics of Npgsql");
        var traceId = ActivityTraceId.CreateRandom().ToString();
        await system.Client(0).RequestAsync(
            "tools/call",
            new { name = "generate_image_and_wait", arguments = new { prompt = Prompt } },
            request => request.Headers.Add("traceparent", $"00-{traceId}-{ActivitySpanId.CreateRandom()}-01"));

        (string Service, string Driver)[] expected =
        [
            (Api, "Npgsql"), (Api, "RabbitMQ.Client.Publisher"),
            (Worker, "Npgsql"), (Worker, "RabbitMQ.Client.Subscriber"), (Worker, "OpenTelemetry.Instrumentation.StackExchangeRedis"),
        ];
        foreach (var (service, driver) in expected)
            await UntilAsync(() => collector.Spans.Any(span => span.Service == service && span.Scope == driver), $"{service} has sent the spans of {driver}");
        Assert.All(collector.Spans, span => Assert.True(span.TraceId == traceId, $"{span} is not of the call"));
        Assert.All(Secrets(system), secret => Assert.False(collector.Holds(secret), secret));
    }

    private static string[] Secrets(DistributedSystem system) =>
    [
        Prompt, DistributedSystem.Token,
        new NpgsqlConnectionStringBuilder(system.Settings["ConnectionStrings__jobs"]).Password!,
        new Uri(system.Broker).UserInfo,
        system.Settings["ConnectionStrings__images"].Split("SecretKey=")[1].Split(';')[0],
    ];

    private static Task<bool> UntilAsync(Func<bool> holds, string what) => Until.HoldsAsync(() => Task.FromResult(holds()), held => held, what);
}
