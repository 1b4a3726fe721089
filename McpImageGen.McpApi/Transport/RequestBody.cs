using System.Buffers;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;

namespace McpImageGen.McpApi.Transport;

/// <summary>Rejects bodies that are not valid JSON-RPC requests with a JSON-RPC error, before the MCP server reads them.</summary>
internal sealed class RequestBody(RequestDelegate next, IOptions<McpTransportOptions> options, TelemetryNames names)
{
    private const string PlainEncoding = "identity";

    // A client reads no response while it is still sending, so a body that is too large is read to its end, up to this limit.
    private const int MaxDrained = 64 * 1024 * 1024;

    public async Task InvokeAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        var isWhole = await ReadAsync(context, body);
        var encoding = context.Request.Headers.ContentEncoding.ToString().Trim();
        if (encoding.Length > 0 && !encoding.Equals(PlainEncoding, StringComparison.OrdinalIgnoreCase))
        {
            context.Response.Headers.AcceptEncoding = PlainEncoding;
            await JsonRpcErrors.WriteAsync(context.Response, StatusCodes.Status415UnsupportedMediaType, JsonRpcErrors.InvalidRequest,
                "Invalid Request: compressed requests are not supported. Send the body without a Content-Encoding.");
            return;
        }

        if (!isWhole)
        {
            await JsonRpcErrors.WriteAsync(context.Response, StatusCodes.Status413PayloadTooLarge, JsonRpcErrors.InvalidRequest,
                $"Invalid Request: the request is larger than {options.Value.LargestRequest} bytes.");
            return;
        }

        if (FindError(context, WithoutByteOrderMark(body)) is { } error)
        {
            // A client of a stream reads responses from the stream and checks only the status of its post.
            var status = McpEndpoints.IsSseMessage(context.Request) ? StatusCodes.Status400BadRequest : error.Status;
            await JsonRpcErrors.WriteAsync(context.Response, status, error.Code, error.Message, error.Id);
            return;
        }

        await next(context);
    }

    private async Task<bool> ReadAsync(HttpContext context, MemoryStream body)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            limit.MaxRequestBodySize = MaxDrained;
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

    private static ReadOnlyMemory<byte> WithoutByteOrderMark(MemoryStream body)
    {
        ReadOnlyMemory<byte> bytes = body.GetBuffer().AsMemory(0, (int)body.Length);
        return bytes.Span.StartsWith(Encoding.UTF8.Preamble) ? bytes[Encoding.UTF8.Preamble.Length..] : bytes;
    }

    /// <summary>What is wrong with the request; null if it is valid. A valid body is passed on in the form that the MCP SDK can read.</summary>
    private JsonRpcRequestError? FindError(HttpContext context, ReadOnlyMemory<byte> json)
    {
        try
        {
            ReadAllText(json.Span);
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { AllowDuplicateProperties = false });
            return Take(context, document.RootElement, json);
        }
        catch (JsonException)
        {
            return new(StatusCodes.Status400BadRequest, JsonRpcErrors.ParseError, "Parse error: the request is not valid JSON in UTF-8, or it contains a duplicate property.");
        }
        catch (InvalidOperationException)
        {
            return new(StatusCodes.Status400BadRequest, JsonRpcErrors.ParseError, "Parse error: a string is not valid Unicode, for example because of an unpaired surrogate.");
        }
    }

    private JsonRpcRequestError? Take(HttpContext context, JsonElement request, ReadOnlyMemory<byte> json)
    {
        string? protocolVersion = context.Request.Headers[RequestHeaders.ProtocolVersion];
        if (request.ValueKind == JsonValueKind.Array && request.GetArrayLength() > 0 && BatchPart.AreAllowed(protocolVersion))
        {
            var parts = BatchPart.Of(request, protocolVersion, names, context.Request.Headers);
            BatchCalls.Set(context, parts);

            // The response to a post to a stream can contain only one error.
            return McpEndpoints.IsSseMessage(context.Request) ? parts.Select(part => part.Error).FirstOrDefault(error => error is not null) : null;
        }

        if (JsonRpcRequestError.Of(request, protocolVersion) is { } error)
            return error;
        var body = names.Rewrite(request, context.Request.Headers) is { } rewritten ? new MemoryStream(rewritten) : new MemoryStream(json.ToArray());
        context.Request.Body = body;
        context.Request.ContentLength = body.Length;
        return null;
    }

    /// <summary>Reads every string once: the parser validates strings only when they are read, which would otherwise happen inside a tool.</summary>
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
