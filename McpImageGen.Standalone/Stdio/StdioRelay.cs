using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Net.ServerSentEvents;
using System.Text;
using System.Text.Json.Nodes;
using McpImageGen.Standalone.Embedded;

namespace McpImageGen.Standalone.Stdio;

/// <summary>
/// MCP over standard input and output, for clients that start their servers: each line is posted to the server that uses the data folder,
/// and its responses are written as lines. No state is kept between messages, so another process can become the server at any time.
/// </summary>
internal sealed class StdioRelay(ServerOfFolder servers, Stream input, Stream output) : IDisposable
{
    private const string EventStream = "text/event-stream";
    private const int InternalError = -32603;

    /// <summary>How long running calls may take after the client has closed standard input.</summary>
    private static readonly TimeSpan MaxEndTime = TimeSpan.FromSeconds(30);

    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false }) { Timeout = Timeout.InfiniteTimeSpan };
    private readonly ConcurrentDictionary<string, CancellationTokenSource> _requests = new();
    private readonly ConcurrentDictionary<Task, bool> _underWay = new();
    private readonly SemaphoreSlim _turn = new(1, 1);
    private string? _negotiated;

    /// <summary>Runs MCP over the process's own standard input and output until the client closes them.</summary>
    /// <exception cref="StartFailure">There is no server, and none can be started in this process.</exception>
    public static async Task RunAsync(string[] args)
    {
        await using var output = Console.OpenStandardOutput();
        Console.SetOut(Console.Error); // logs, too
        await using var servers = new ServerOfFolder(args);
        await servers.FindAsync(null, CancellationToken.None);
        using var relay = new StdioRelay(servers, Console.OpenStandardInput(), output);
        await relay.RunAsync();
    }

    public void Dispose()
    {
        _http.Dispose();
        _turn.Dispose();
    }

    /// <summary>Relays until the client closes its input, and the responses to its requests are written or the server stops.</summary>
    public async Task RunAsync()
    {
        using var lines = new StreamReader(input, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        try
        {
            // Reading from a console cannot be cancelled, only abandoned.
            while (await lines.ReadLineAsync().WaitAsync(servers.Stopping) is { } line)
            {
                if (!string.IsNullOrWhiteSpace(line))
                    Take(ClientMessage.Read(line));
            }

            await Task.WhenAll(_underWay.Keys).WaitAsync(MaxEndTime, servers.Stopping);
        }
        catch (Exception exception) when (exception is TimeoutException or OperationCanceledException)
        {
            // The jobs continue, now or at the next start.
        }

        // A stopping server responds to waiting calls.
        if (servers.Stopping.IsCancellationRequested)
            await Task.WhenAny(Task.WhenAll(_underWay.Keys), Task.Delay(MaxEndTime));
    }

    private void Take(ClientMessage message)
    {
        if (message.Cancels is { } id)
        {
            if (_requests.TryRemove(id, out var request))
                request.Cancel();
            return;
        }

        // Registered before the next line is read, which may cancel it.
        var cancelled = new CancellationTokenSource(); // not disposed: it may be cancelled even after the answer
        if (message.Id is not null)
            _requests[message.Id] = cancelled;
        var relayed = Task.Run(() => RelayAsync(message, cancelled));
        _underWay[relayed] = true;
        relayed.ContinueWith(done => _underWay.TryRemove(done, out _), TaskScheduler.Default);
    }

    private async Task RelayAsync(ClientMessage message, CancellationTokenSource cancelled)
    {
        try
        {
            await PostAsync(message, cancelled.Token);
        }
        catch (OperationCanceledException) when (cancelled.IsCancellationRequested)
        {
            // A cancelled request gets no response.
        }
        catch (StartFailure failure)
        {
            await FailAsync(message, failure.Message);
        }
        catch (Exception exception)
        {
            await FailAsync(message, $"The server stopped before it responded. Accepted jobs are not lost; list_jobs shows them. ({exception.Message})");
        }
        finally
        {
            if (message.Id is not null)
                _requests.TryRemove(new(message.Id, cancelled));
        }
    }

    private async Task PostAsync(ClientMessage message, CancellationToken cancellationToken)
    {
        LocalServer? gone = null;
        while (true)
        {
            var server = await servers.FindAsync(gone, cancellationToken);
            try
            {
                using var request = Request(server, message);
                using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
                await AnswerAsync(message, response, cancellationToken);
                return;
            }
            catch (HttpRequestException exception) when (exception.HttpRequestError == HttpRequestError.ConnectionError)
            {
                gone = server; // it did not receive the message
            }
        }
    }

    private HttpRequestMessage Request(LocalServer server, ClientMessage message)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, server.Address + "/mcp")
        {
            Content = new StringContent(message.Line, Encoding.UTF8, "application/json"),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", server.Token);
        request.Headers.Accept.ParseAdd("application/json");
        request.Headers.Accept.ParseAdd(EventStream);
        foreach (var (name, value) in message.Headers(_negotiated))
            request.Headers.TryAddWithoutValidation(name, value);
        return request;
    }

    private async Task AnswerAsync(ClientMessage message, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        if (response.Content.Headers.ContentType?.MediaType == EventStream)
        {
            await RelayEventsAsync(message, body, cancellationToken);
            return;
        }

        using var text = new StreamReader(body);
        var answer = await text.ReadToEndAsync(cancellationToken);
        if (message.IsNotification || (message.Method is null && response.IsSuccessStatusCode && answer.Length == 0))
            return;
        if (response.Content.Headers.ContentType?.MediaType == "application/json")
            await WriteAsync(message, WithId(message, answer));
        else
            await FailAsync(message, $"The server responded with HTTP status {(int)response.StatusCode}.");
    }

    /// <summary>Relays complete events. The stream of a request must contain its response; what happens to the stream afterwards does not matter.</summary>
    private async Task RelayEventsAsync(ClientMessage message, Stream body, CancellationToken cancellationToken)
    {
        var isAnswered = false;
        try
        {
            await foreach (var item in SseParser.Create(body).EnumerateAsync(cancellationToken))
            {
                await WriteAsync(message, item.Data);
                isAnswered |= IsResponse(item.Data);
            }
        }
        catch (Exception) when (isAnswered)
        {
            return;
        }

        if (!isAnswered && !message.IsNotification)
            throw new IOException("The response ended too early.");
    }

    private static bool IsResponse(string json) =>
        JsonNode.Parse(json) switch
        {
            JsonArray => true, // the responses to a batch
            JsonObject message => message.ContainsKey("result") || message.ContainsKey("error"),
            _ => false,
        };

    private async Task WriteAsync(ClientMessage message, string json)
    {
        if (message.Method == "initialize")
            _negotiated = JsonNode.Parse(json)?["result"]?["protocolVersion"]?.GetValue<string>() ?? _negotiated;

        // A line break is whitespace in JSON, but ends a message here.
        var line = Encoding.UTF8.GetBytes(json.ReplaceLineEndings(" ") + "\n");
        await _turn.WaitAsync();
        try
        {
            await output.WriteAsync(line);
            await output.FlushAsync();
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task FailAsync(ClientMessage message, string reason)
    {
        if (message.IsNotification)
            return;
        var error = new JsonObject { ["jsonrpc"] = "2.0", ["error"] = new JsonObject { ["code"] = InternalError, ["message"] = reason } };
        await WriteAsync(message, WithId(message, error.ToJsonString()));
    }

    /// <summary>
    /// Adds the request id to an error that the server returned before it parsed the message, so that the client can match it.
    /// </summary>
    private static string WithId(ClientMessage message, string json)
    {
        if (JsonNode.Parse(json) is not JsonObject answer)
            return json; // a batch, whose parts have their ids
        answer["id"] ??= message.Id is null ? null : JsonNode.Parse(message.Id);
        return answer.ToJsonString();
    }
}
