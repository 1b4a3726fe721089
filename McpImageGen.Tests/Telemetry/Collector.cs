using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace McpImageGen.Tests.Telemetry;

/// <summary>Keeps what is sent to it by OTLP over HTTP. In protobuf, text stays readable.</summary>
public sealed class Collector : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<(string Path, byte[] Body)> _received = new();
    private int _exports;

    private Collector(Func<byte[], bool>? keeps)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrel().UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        _app = builder.Build();
        _app.Run(async context =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body, context.RequestAborted);
            Interlocked.Increment(ref _exports);
            if (keeps is null || keeps(body.ToArray()))
                _received.Enqueue((context.Request.Path.Value!, body.ToArray()));
        });
    }

    public string Address => _app.Urls.First();

    /// <summary>How many exports were sent.</summary>
    public int Exports => Volatile.Read(ref _exports);

    /// <summary>How many exports it keeps.</summary>
    public int Kept => _received.Count;

    /// <param name="keeps">Which exports it keeps; all if omitted.</param>
    public static async Task<Collector> StartAsync(Func<byte[], bool>? keeps = null)
    {
        var collector = new Collector(keeps);
        await collector._app.StartAsync(TestContext.Current.CancellationToken);
        return collector;
    }

    /// <summary>True when the text is somewhere in what was sent to the path; without a path, in anything.</summary>
    public bool Holds(string text, string? path = null) =>
        _received.Any(one => (path is null || one.Path == path) && Has(one.Body, text));

    /// <summary>How often a service has sent what is in the text, in an export of its own to the path.</summary>
    public int Times(string text, string service, string path) => _received.Count(one => one.Path == path && Has(one.Body, text) && Has(one.Body, service));

    /// <summary>All spans.</summary>
    public IReadOnlyList<ReceivedSpan> Spans => [.. _received.Where(one => one.Path == "/v1/traces").SelectMany(one => ReceivedSpan.Read(one.Body))];

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static bool Has(byte[] body, string text) => body.AsSpan().IndexOf(Encoding.UTF8.GetBytes(text)) >= 0;
}
