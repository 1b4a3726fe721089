using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Options;

namespace McpImageGen.McpApi.Transport;

/// <summary>
/// Processes the messages of a JSON-RPC batch in parallel, each as if it had been sent alone. The responses are one JSON array, or events
/// in the order of completion.
/// </summary>
internal sealed class BatchCalls(RequestDelegate next, IOptions<RateLimiterOptions> limits)
{
    /// <summary>Stores the messages of a batch in the request for this middleware.</summary>
    public static void Set(HttpContext context, IReadOnlyList<BatchPart> parts) => context.Items[typeof(BatchCalls)] = parts;

    public async Task InvokeAsync(HttpContext context)
    {
        if (context.Items[typeof(BatchCalls)] is not IReadOnlyList<BatchPart> parts)
        {
            await next(context);
            return;
        }

        var response = context.Response;
        var answers = parts.Select((part, place) => CarryOutAsync(context, part, isFirst: place == 0)).ToList();
        if (parts.All(IsNotification) || McpEndpoints.IsSseMessage(context.Request))
        {
            // There is no response body, unless a message was rejected.
            var refused = (await Task.WhenAll(answers)).FirstOrDefault(answer => answer.Status >= StatusCodes.Status400BadRequest);
            response.StatusCode = refused.Status == 0 ? StatusCodes.Status202Accepted : refused.Status;
            response.ContentType = refused.Status == 0 ? null : "application/json";
            await response.Body.WriteAsync(refused.Json, context.RequestAborted);
        }
        else if (RequestHeaders.ReadsEventStreams(context))
        {
            response.ContentType = "text/event-stream";
            response.Headers.CacheControl = "no-cache, no-store";
            await response.Body.FlushAsync(context.RequestAborted);
            await foreach (var answer in Task.WhenEach(answers))
                await WriteEventsAsync(response, await answer);
        }
        else
        {
            if (!response.HasStarted)
                response.ContentType = "application/json";
            var array = (await Task.WhenAll(answers)).Where(answer => answer.Json.Length > 0).Select(answer => Encoding.UTF8.GetString(answer.Json.Span));
            await response.WriteAsync($"[{string.Join(',', array)}]", context.RequestAborted);
        }
    }

    private async Task<Answer> CarryOutAsync(HttpContext batch, BatchPart part, bool isFirst)
    {
        await using var scope = batch.RequestServices.CreateAsyncScope();
        using var written = new MemoryStream();
        var call = Alone(batch, part, scope.ServiceProvider, written);
        if (part.Error is { } error)
        {
            await JsonRpcErrors.WriteAsync(call.Response, error.Status, error.Code, error.Message, error.Id);
        }
        else
        {
            // The rate limiter has already counted the batch itself as one call.
            using var lease = isFirst ? null : await limits.Value.GlobalLimiter!.AcquireAsync(call);
            if (lease is { IsAcquired: false })
                await limits.Value.OnRejected!(new OnRejectedContext { HttpContext = call, Lease = lease }, batch.RequestAborted);
            else
                await next(call);
        }

        ReadOnlyMemory<byte> bytes = written.ToArray();
        if (IsNotification(part) && call.Response.StatusCode < StatusCodes.Status400BadRequest)
            return default;
        return EventStream.IsTypeOf(call.Response)
            ? new(call.Response.StatusCode, EventStream.LastData(bytes), bytes)
            : new(call.Response.StatusCode, bytes, default);
    }

    /// <summary>A request with only this message and everything else from the batch request.</summary>
    private static DefaultHttpContext Alone(HttpContext batch, BatchPart part, IServiceProvider services, Stream written)
    {
        var features = new FeatureCollection(batch.Features);
        var request = batch.Features.GetRequiredFeature<IHttpRequestFeature>();
        features.Set<IHttpRequestFeature>(new HttpRequestFeature
        {
            Method = request.Method,
            Scheme = request.Scheme,
            Protocol = request.Protocol,
            PathBase = request.PathBase,
            Path = request.Path,
            QueryString = request.QueryString,
            RawTarget = request.RawTarget,
            Headers = new HeaderDictionary(request.Headers.ToDictionary()) { ContentLength = part.Body.Length },
            Body = new MemoryStream(part.Body),
        });
        features.Set<IHttpResponseFeature>(new HttpResponseFeature());
        features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(written));
        features.Set<IItemsFeature>(new ItemsFeature { Items = new Dictionary<object, object?>(batch.Items) { [typeof(BatchPart)] = part } });
        features.Set<IServiceProvidersFeature>(new ServiceProvidersFeature { RequestServices = services });
        var call = new DefaultHttpContext(features);
        features.Set<IRequestBodyPipeFeature>(new RequestBodyPipeFeature(call));
        return call;
    }

    private static async Task WriteEventsAsync(HttpResponse response, Answer answer)
    {
        if (answer.Json.IsEmpty)
            return;
        var events = answer.Events.IsEmpty ? Encoding.UTF8.GetBytes($"event: message\ndata: {Encoding.UTF8.GetString(answer.Json.Span)}\n\n") : answer.Events;
        await response.Body.WriteAsync(events, response.HttpContext.RequestAborted);
        await response.Body.FlushAsync(response.HttpContext.RequestAborted);
    }

    private static bool IsNotification(BatchPart part) => part is { Id: null, Error: null };

    /// <param name="Status">The HTTP status of the message if it had been sent alone.</param>
    /// <param name="Json">The response as one JSON document; empty for a notification.</param>
    /// <param name="Events">The response as events, including notifications sent before it; empty if the response was not a stream.</param>
    private readonly record struct Answer(int Status, ReadOnlyMemory<byte> Json, ReadOnlyMemory<byte> Events);
}

/// <summary>One message of a JSON-RPC batch.</summary>
/// <param name="Body">The message as JSON.</param>
/// <param name="Id">The id of the message; null if it has none.</param>
/// <param name="Error">What is wrong with the message; null if it is valid.</param>
internal sealed record BatchPart(byte[] Body, JsonElement? Id, JsonRpcRequestError? Error)
{
    /// <summary>The only version of MCP with batches. It also applies to clients that send no version (2025-06-18, "Protocol Version Header").</summary>
    private const string Version = "2025-03-26";

    public static bool AreAllowed(string? protocolVersion) => protocolVersion is null or "" or Version;

    public static IReadOnlyList<BatchPart> Of(JsonElement batch, string? protocolVersion, TelemetryNames names, IHeaderDictionary headers) =>
    [
        .. from message in batch.EnumerateArray()
           let error = JsonRpcRequestError.Of(message, protocolVersion) ?? JsonRpcRequestError.OfPart(message)
           select new BatchPart(
               (error is null ? names.Rewrite(message, headers) : null) ?? JsonSerializer.SerializeToUtf8Bytes(message),
               error is null && message.TryGetProperty("id", out var id) ? id.Clone() : error?.Id,
               error),
    ];
}
