using System.Buffers;
using System.Text.Json;
using McpImageGen.McpApi.Sse;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;

namespace McpImageGen.McpApi.Transport;

/// <summary>Refuses what is no JSON-RPC request, with the error that says so, before the MCP server sees it.</summary>
internal sealed class RequestBody(RequestDelegate next, IOptions<McpTransportOptions> options)
{
    // A client reads no answer while it is still sending, so what is too large is read to its end, within reason.
    private const int MostDrained = 64 * 1024 * 1024;

    public async Task InvokeAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        if (!await ReadAsync(context, body))
        {
            await JsonRpcError.WriteAsync(context.Response, StatusCodes.Status413PayloadTooLarge, JsonRpcError.InvalidRequest,
                $"Invalid Request: the request is larger than {options.Value.LargestRequest} bytes.");
            return;
        }

        if (Refusal(body, context.Request.Headers[RequestHeaders.ProtocolVersion]) is { } refusal)
        {
            // Who posts to a stream looks for answers there; of the post's own answer it only heeds the status.
            var status = SseEndpoints.IsMessage(context.Request) ? StatusCodes.Status400BadRequest : refusal.Status;
            await JsonRpcError.WriteAsync(context.Response, status, refusal.Code, refusal.Message, refusal.Id);
            return;
        }

        body.Position = 0;
        context.Request.Body = body;
        await next(context);
    }

    private async Task<bool> ReadAsync(HttpContext context, MemoryStream body)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            limit.MaxRequestBodySize = MostDrained;
        var total = 0L;
        var buffer = ArrayPool<byte>.Shared.Rent(16 * 1024);
        try
        {
            while (await context.Request.Body.ReadAsync(buffer, context.RequestAborted) is var count and > 0)
            {
                total += count;
                if (total <= options.Value.LargestRequest)
                    body.Write(buffer, 0, count);
            }
        }
        catch (BadHttpRequestException exception) when (exception.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            return false;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        return total <= options.Value.LargestRequest;
    }

    private static JsonRpcRefusal? Refusal(MemoryStream body, string? protocolVersion)
    {
        var json = body.GetBuffer().AsMemory(0, (int)body.Length);
        try
        {
            ReadAllText(json.Span);
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { AllowDuplicateProperties = false });
            return JsonRpcRefusal.Of(document.RootElement, protocolVersion);
        }
        catch (JsonException)
        {
            return new(StatusCodes.Status400BadRequest, JsonRpcError.ParseError, "Parse error: the request is not JSON, or names something twice.");
        }
        catch (InvalidOperationException)
        {
            return new(StatusCodes.Status400BadRequest, JsonRpcError.ParseError, "Parse error: a string is not valid Unicode, half of a surrogate pair for instance.");
        }
    }

    /// <summary>Reads every string once: the parser checks them only when they are read, which would be somewhere in a tool.</summary>
    private static void ReadAllText(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        while (reader.Read())
        {
            if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName)
                reader.GetString();
        }
    }
}
