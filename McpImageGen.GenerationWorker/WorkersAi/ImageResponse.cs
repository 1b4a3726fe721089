using System.Buffers.Text;
using System.Text.Json;

namespace McpImageGen.GenerationWorker.WorkersAi;

/// <summary>
/// The image in a successful response. Models respond with the image file or with its base64, alone, as a data URI or within JSON, and with any
/// content type, so the bytes decide: no image file starts like JSON or like base64.
/// </summary>
internal static class ImageResponse
{
    private static ReadOnlySpan<byte> Utf8ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <summary>The image without the bytes that follow its end, or what is wrong with the response.</summary>
    public static (ReadOnlyMemory<byte> Bytes, ImageFormat? Format, string? Problem) Read(ReadOnlyMemory<byte> body)
    {
        if (body.IsEmpty)
            return Unusable("The response from Workers AI was empty");
        var file = ImageFormat.Of(body.Span) is null ? InText(WithoutByteOrderMark(body.Span)) : body;
        if (ImageFormat.Of(file.Span) is not { } format)
            return Unusable("The response from Workers AI did not contain an image of a supported format");
        return format.LengthOf(file.Span) is { } length
            ? (file[..length], format, null)
            : Unusable($"The response from Workers AI contained an incomplete image ({format})");
    }

    private static (ReadOnlyMemory<byte> Bytes, ImageFormat? Format, string? Problem) Unusable(string problem) => (default, null, problem);

    private static ReadOnlySpan<byte> WithoutByteOrderMark(ReadOnlySpan<byte> text) =>
        text.StartsWith(Utf8ByteOrderMark) ? text[Utf8ByteOrderMark.Length..] : text;

    private static ReadOnlyMemory<byte> InText(ReadOnlySpan<byte> text)
    {
        if (text.TrimStart(" \t\r\n"u8).IsEmpty || text.TrimStart(" \t\r\n"u8)[0] != '{')
            return FromBase64(text);
        var inEnvelope = InJson(text, "result"u8, "image"u8);
        return inEnvelope.IsEmpty ? InJson(text, "image"u8) : inEnvelope;
    }

    private static ReadOnlyMemory<byte> InJson(ReadOnlySpan<byte> json, ReadOnlySpan<byte> property, ReadOnlySpan<byte> inner = default)
    {
        var reader = new Utf8JsonReader(json);
        try
        {
            return reader.Read() && MoveTo(ref reader, property) && (inner.IsEmpty || MoveTo(ref reader, inner)) && reader.TokenType == JsonTokenType.String
                ? FromBase64(Unescaped(ref reader))
                : default;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException) // the latter: a text that is not valid UTF-16
        {
            return default;
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

    /// <summary>As UTF-8, as it came: a string would be twice as large.</summary>
    private static ReadOnlySpan<byte> Unescaped(ref Utf8JsonReader reader)
    {
        if (!reader.ValueIsEscaped)
            return reader.ValueSpan;
        var text = new byte[reader.ValueSpan.Length];
        return text.AsSpan(0, reader.CopyString(text));
    }

    private static ReadOnlyMemory<byte> FromBase64(ReadOnlySpan<byte> text)
    {
        if (text.StartsWith("data:"u8))
            text = text[(text.IndexOf((byte)',') + 1)..];
        var bytes = new byte[Base64.GetMaxDecodedFromUtf8Length(text.Length)];
        return Base64.DecodeFromUtf8(text, bytes, out _, out var length) == System.Buffers.OperationStatus.Done ? bytes.AsMemory(0, length) : default;
    }
}
