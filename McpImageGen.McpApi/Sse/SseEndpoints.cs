using System.Text.Json;
using McpImageGen.McpApi.Auth;
using McpImageGen.McpApi.Transport;
using Microsoft.Extensions.Options;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace McpImageGen.McpApi.Sse;

/// <summary>
/// The HTTP+SSE transport of protocol 2024-11-05, which some clients still use: a stream that stays open, and an endpoint for posted messages.
/// Any API process can receive either request. The MCP server runs in the process that holds the stream and writes responses to it.
/// </summary>
internal static class SseEndpoints
{
    private const string SessionParameter = "sessionId";

    public static void MapSse(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet(McpEndpoints.SsePath, ServeAsync).RequireAuthorization();
        endpoints.MapPost(McpEndpoints.SsePath + McpEndpoints.SseMessagePath, TakeAsync).RequireAuthorization();
    }

    private static async Task ServeAsync(
        HttpContext context,
        Caller caller,
        ISseMessages messages,
        IHostApplicationLifetime lifetime,
        IOptions<McpServerOptions> server,
        StreamLimits streams,
        ILoggerFactory loggers)
    {
        using var stream = streams.TryOpen(caller.Owner);
        if (stream is null)
        {
            await JsonRpcErrors.WriteTooManyAsync(context.Response, TimeSpan.FromSeconds(10), streams.Error);
            return;
        }

        var address = new SseAddress(caller.Owner, Guid.NewGuid());
        var session = address.Session.ToString("N");
        context.Response.ContentType = "text/event-stream";
        context.Response.Headers.CacheControl = "no-cache, no-store";
        await using var transport = new SseTransport(context.Response.Body, session);
        try
        {
            await using var subscription = await messages.ReceiveAsync(address, transport.Receive, context.RequestAborted);
            await transport.SendEndpointAsync($"{AddressOfMessages(context.Request)}?{SessionParameter}={session}", context.RequestAborted);

            // On shutdown, waiting calls return, and the stream ends after the last response.
            await using var stop = lifetime.ApplicationStopping.Register(transport.Complete);
            await using var mcp = McpServer.Create(transport, server.Value, loggers, context.RequestServices);
            await mcp.RunAsync(context.RequestAborted);
        }
        catch (Exception exception) when (context.RequestAborted.IsCancellationRequested && exception is IOException or OperationCanceledException)
        {
            // The client closed the connection, as clients do when they no longer need the stream.
        }
    }

    /// <summary>The URL of the message endpoint, relative to the stream's URL, so that it is also correct behind a proxy that does not send its base path.</summary>
    private static string AddressOfMessages(HttpRequest request)
    {
        var name = request.Path.Value![(request.Path.Value!.LastIndexOf('/') + 1)..];
        return (name + McpEndpoints.SseMessagePath).TrimStart('/');
    }

    private static async Task TakeAsync(HttpContext context, Caller caller, ISseMessages messages)
    {
        try
        {
            // RequestBody has checked the body already; here it is parsed by the MCP SDK.
            var message = await JsonSerializer.DeserializeAsync<JsonRpcMessage>(context.Request.Body, McpJsonUtilities.DefaultOptions, context.RequestAborted);
            if (!Guid.TryParseExact(context.Request.Query[SessionParameter], "N", out var session)
                || !await messages.SendAsync(new SseAddress(caller.Owner, session), message!, context.RequestAborted))
            {
                await RefuseAsync(context, StatusCodes.Status404NotFound, "stream not found. Open a stream with GET and post to the URL that it returns.");
                return;
            }

            context.Response.StatusCode = StatusCodes.Status202Accepted;
            await context.Response.WriteAsync("Accepted");
        }
        catch (JsonException)
        {
            await RefuseAsync(context, StatusCodes.Status400BadRequest, "the body is not a JSON-RPC request or notification.");
        }
        catch (IOException) when (!context.RequestAborted.IsCancellationRequested)
        {
            context.Response.Headers.RetryAfter = "1";
            await RefuseAsync(context, StatusCodes.Status503ServiceUnavailable, "the stream is temporarily unavailable. Try again in a second, or open a new stream.");
        }
    }

    private static Task RefuseAsync(HttpContext context, int status, string reason) =>
        JsonRpcErrors.WriteAsync(context.Response, status, JsonRpcErrors.InvalidRequest, "Invalid Request: " + reason);
}

/// <summary>Identifies an open stream. The owner is part of the address, so no owner can post to a stream of another owner.</summary>
/// <param name="Owner">The owner of the stream.</param>
/// <param name="Session">A random id that is created when the stream is opened.</param>
public readonly record struct SseAddress(string Owner, Guid Session);
