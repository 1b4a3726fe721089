using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.Extensions.Logging;

namespace McpImageGen.Tests.WorkersAi;

/// <summary>An HTTP server that answers every request with what the test says, and remembers what it was asked.</summary>
internal sealed class ScriptedProvider : IAsyncDisposable
{
    private readonly WebApplication _server;
    private readonly ConcurrentQueue<ReceivedRequest> _received = new();

    private ScriptedProvider(RequestDelegate answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _server = builder.Build();
        _server.Run(async context =>
        {
            using var reader = new StreamReader(context.Request.Body, Encoding.UTF8);
            var body = await reader.ReadToEndAsync(context.RequestAborted);
            var headers = context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase);
            _received.Enqueue(new ReceivedRequest(context.Request.Method, new Uri(context.Request.GetEncodedUrl()).PathAndQuery, headers, body));
            await answer(context);
        });
    }

    /// <summary>Where it listens, without a slash at the end.</summary>
    public string Address => _server.Urls.Single();

    public IReadOnlyCollection<ReceivedRequest> Received => _received;

    public static async Task<ScriptedProvider> AnsweringAsync(RequestDelegate answer)
    {
        var provider = new ScriptedProvider(answer);
        await provider._server.StartAsync(TestContext.Current.CancellationToken);
        return provider;
    }

    public static Task<ScriptedProvider> AnsweringAsync(
        int status, string? contentType, byte[] body, params (string Name, string Value)[] headers) =>
        AnsweringAsync(async context =>
        {
            context.Response.StatusCode = status;
            context.Response.ContentType = contentType;
            foreach (var (name, value) in headers)
                context.Response.Headers[name] = value;
            await context.Response.Body.WriteAsync(body, context.RequestAborted);
        });

    public static Task<ScriptedProvider> AnsweringAsync(
        int status, string contentType, string body, params (string Name, string Value)[] headers) =>
        AnsweringAsync(status, contentType, Encoding.UTF8.GetBytes(body), headers);

    public async ValueTask DisposeAsync()
    {
        // Requests that a test left hanging need no graceful end.
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _server.StopAsync(now.Token);
        await _server.DisposeAsync();
    }
}

internal sealed record ReceivedRequest(string Method, string Path, IReadOnlyDictionary<string, string> Headers, string Body);
