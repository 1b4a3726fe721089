using System.Text.Json;

namespace McpImageGen.GenerationWorker.WorkersAi;

/// <summary>
/// Extracts the image from a successful response. Models return either the raw image or JSON that contains it as base64, and the
/// content type is sometimes wrong, so the format is detected from the first bytes: no image starts like JSON.
/// </summary>
internal static class ImageAnswer
{
    private static ReadOnlySpan<byte> Utf8ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <summary>The image and its format, or null if the response does not contain a complete image.</summary>
    public static (ReadOnlyMemory<byte> Bytes, ImageFormat Format)? Find(ReadOnlyMemory<byte> body)
    {
        var image = ImageFormat.Of(body.Span) is null ? InEnvelope(body.Span) : body;
        return ImageFormat.Of(image.Span) is { } format && format.IsComplete(image.Span) ? (image, format) : null;
    }

    private static ReadOnlyMemory<byte> InEnvelope(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json.StartsWith(Utf8ByteOrderMark) ? json[Utf8ByteOrderMark.Length..] : json);
        try
        {
            // Decoded directly from UTF-8: an intermediate string would be three times the size of the image.
            return reader.Read() && MoveTo(ref reader, "result"u8) && MoveTo(ref reader, "image"u8)
                && reader.TokenType == JsonTokenType.String && reader.TryGetBytesFromBase64(out var image)
                ? image
                : ReadOnlyMemory<byte>.Empty;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException) // the latter: a string that is not valid UTF-16
        {
            return ReadOnlyMemory<byte>.Empty;
        }
    }

    private static bool MoveTo(ref Utf8JsonReader reader, ReadOnlySpan<byte> property)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
            return false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var found = reader.ValueTextEquals(property);
            reader.Read();
            if (found)
                return true;
            reader.Skip();
        }
        return false;
    }
}
