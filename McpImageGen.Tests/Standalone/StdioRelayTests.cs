using System.Collections.Concurrent;
using System.Globalization;
using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using CsCheck;
using McpImageGen.Standalone.Embedded;
using McpImageGen.Standalone.Stdio;
using McpImageGen.Tests.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace McpImageGen.Tests.Standalone;

/// <summary>
/// The relay with a server that answers in every way that a server can, in random sequences of concurrent requests. A failure prints the seed; set it as
/// <c>CsCheck_Seed</c> to repeat the sequence.
/// </summary>
public sealed class StdioRelayTests : IAsyncLifetime
{
    private const int Sequences = 40;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly TemporaryFolder _folder = new();
    private DataFolder _data = null!;
    private WebApplication _server = null!;
    private RelayOutput _output = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private enum Way
    {
        Json,
        Events,
        EventsThenBroken,
        EventsThenBrokenAtOnce,
        EventsInParts,
        Broken,
        BrokenEvents,
        BrokenInEvent,
        BrokenJson,
        EndedEvents,
        EndedInEvent,
        Empty,
        Status,
        Batch,
    }

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrel().UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        _server = builder.Build();
        _server.Run(AnswerAsync);
        await _server.StartAsync(Cancel);
        _data = DataFolder.Open(_folder.Path);
        _data.Publish(new LocalServer(_server.Urls.First(), "token"));
    }

    public async ValueTask DisposeAsync()
    {
        _data.Dispose();
        await _server.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public Task Relay_sends_exactly_one_response_per_request_however_the_server_response_ends() =>
        Gen.Select(Gen.Enum<Way>(), Gen.Int[0, 4]).Array[1, 30].SampleAsync(
            steps => RunAsync([.. steps.Select(step => (step.Item1, IsCancelled: step.Item2 == 0))]), iter: Sequences, threads: 1);

    [Theory]
    [InlineData("EventsThenBroken", "result")]
    [InlineData("EventsThenBrokenAtOnce", null)] // depends on how much arrives before the connection breaks
    [InlineData("EndedEvents", "error")]
    [InlineData("EndedInEvent", "error")]
    [InlineData("Empty", "error")]
    [InlineData("Batch", "result")]
    public async Task Relay_sends_one_response_for_each_kind_of_server_response(string way, string? expected)
    {
        var answer = Assert.Single(await RelayAsync([(Enum.Parse<Way>(way), IsCancelled: false)]), message => IsAnswer(message));

        Assert.True(expected is null || answer.TryGetProperty(expected, out _), answer.ToString());
    }

    private async Task RunAsync((Way Way, bool IsCancelled)[] steps)
    {
        var answers = (await RelayAsync(steps)).Where(IsAnswer).ToLookup(answer => answer.GetProperty("id").GetInt32());
        for (var id = 0; id < steps.Length; id++)
        {
            var (way, isCancelled) = steps[id];
            Assert.InRange(answers[id].Count(), isCancelled ? 0 : 1, 1);
            var expected = way is Way.Json or Way.Events or Way.EventsThenBroken or Way.EventsInParts or Way.Batch ? "result" : "error";
            Assert.All(answers[id], answer => Assert.True(way is Way.EventsThenBrokenAtOnce || answer.TryGetProperty(expected, out _), $"{way}: {answer}"));
        }
    }

    /// <summary>Sends one request for each step, some of which are cancelled at once, and closes the input.</summary>
    /// <returns>What the relay wrote; the parts of batches one by one.</returns>
    private async Task<List<JsonElement>> RelayAsync((Way Way, bool IsCancelled)[] steps)
    {
        await using var servers = new ServerOfFolder(["--data", _folder.Path]);
        var input = new Pipe();
        _output = new RelayOutput();
        using var relay = new StdioRelay(servers, input.Reader.AsStream(), _output);
        var relaying = relay.RunAsync();
        for (var id = 0; id < steps.Length; id++)
        {
            var request = $$$"""{"jsonrpc":"2.0","id":{{{id}}},"method":"tools/call","params":{"name":"{{{steps[id].Way}}}"}}""";
            var cancel = $$$"""{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":{{{id}}}}}""";
            await input.Writer.WriteAsync(Encoding.UTF8.GetBytes($"{(steps[id].Way is Way.Batch ? $"[{request}]" : request)}\n{(steps[id].IsCancelled ? cancel + "\n" : "")}"), Cancel);
        }

        await input.Writer.CompleteAsync();
        await relaying.WaitAsync(Limit, Cancel);
        return [.. _output.Lines.Select(line => JsonElement.Parse(line))
            .SelectMany(message => message.ValueKind == JsonValueKind.Array ? message.EnumerateArray().ToArray() : [message])];
    }

    private static bool IsAnswer(JsonElement message) => message.TryGetProperty("result", out _) || message.TryGetProperty("error", out _);

    private async Task AnswerAsync(HttpContext context)
    {
        var body = await JsonDocument.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted);
        var request = body.RootElement.ValueKind == JsonValueKind.Array ? body.RootElement[0] : body.RootElement;
        var answer = string.Create(CultureInfo.InvariantCulture, $"{{\"jsonrpc\":\"2.0\",\"id\":{request.GetProperty("id")},\"result\":{{}}}}");
        const string Progress = "event: message\ndata: {\"jsonrpc\":\"2.0\",\"method\":\"notifications/progress\"}\n\n";
        switch (Enum.Parse<Way>(request.GetProperty("params").GetProperty("name").GetString()!))
        {
            case Way.Json:
                await SendAsync("application/json", answer);
                break;
            case Way.Batch:
                await SendAsync("application/json", $"[{answer}]");
                break;
            case Way.Events:
                await SendAsync("text/event-stream", $"{Progress}: keep-alive\n\nevent: message\ndata: {answer}\n\n");
                break;
            case Way.EventsThenBroken:
                await SendAsync("text/event-stream", $"{Progress}event: message\ndata: {answer}\n\n");
                await _output.WrittenAsync(answer, context.RequestAborted);
                context.Abort();
                break;
            case Way.EventsThenBrokenAtOnce:
                await SendAsync("text/event-stream", $"{Progress}event: message\ndata: {answer}\n\n");
                context.Abort();
                break;
            case Way.EventsInParts:
                await SendAsync("text/event-stream", $"{Progress}event: message\ndata: {answer[..9]}");
                await SendAsync(null, $"{answer[9..]}\n\n");
                break;
            case Way.Broken:
                context.Abort();
                break;
            case Way.BrokenEvents:
                await SendAsync("text/event-stream", Progress);
                context.Abort();
                break;
            case Way.BrokenInEvent:
                await SendAsync("text/event-stream", $"{Progress}data: {answer[..9]}");
                context.Abort();
                break;
            case Way.BrokenJson:
                context.Response.ContentLength = 10_000;
                await SendAsync("application/json", answer);
                context.Abort();
                break;
            case Way.EndedEvents:
                await SendAsync("text/event-stream", Progress);
                break;
            case Way.EndedInEvent:
                await SendAsync("text/event-stream", $"{Progress}data: {answer[..9]}");
                break;
            case Way.Status:
                context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
                await SendAsync("text/plain", "no");
                break;
            default:
                break;
        }

        async Task SendAsync(string? type, string text)
        {
            if (type is not null)
                context.Response.ContentType = type;
            await context.Response.WriteAsync(text, context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
        }
    }

    /// <summary>The lines that the relay has written; each of its writes is one line.</summary>
    private sealed class RelayOutput : MemoryStream
    {
        private readonly ConcurrentDictionary<string, TaskCompletionSource> _written = new();

        public ConcurrentQueue<string> Lines { get; } = new();

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var line = Encoding.UTF8.GetString(buffer.Span).TrimEnd('\n');
            Lines.Enqueue(line);
            Written(line).TrySetResult();
            return ValueTask.CompletedTask;
        }

        /// <summary>Waits until this line is written.</summary>
        public Task WrittenAsync(string line, CancellationToken cancellationToken) => Written(line).Task.WaitAsync(cancellationToken);

        private TaskCompletionSource Written(string line) =>
            _written.GetOrAdd(line, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
    }
}
