using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using McpImageGen.WorkersAiEmulator.Models;

namespace McpImageGen.WorkersAiEmulator.Answers;

/// <summary>A complete response in memory, so that faults can send part of it.</summary>
internal sealed record Answer(int Status, string ContentType, byte[] Body)
{
    private static readonly object Empty = new();
    private static readonly object[] None = [];

    // The default encoder would escape the + of base64 and the quotes in messages; Workers AI does not.
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The image in the response format of the model.</summary>
    public static Answer Image(EmulatedModel model, ReadOnlySpan<byte> image) =>
        model.RawContentType is { } contentType
            ? new Answer(200, contentType, image.ToArray())
            : Json(200, new { result = new { image = Convert.ToBase64String(image) }, success = true, errors = None, messages = None });

    /// <summary>A successful response without an image.</summary>
    public static Answer NoImage() => Json(200, new { result = Empty, success = true, errors = None, messages = None });

    public static Answer Error(AiError error, Guid request) => Json(
        error.Status,
        new { errors = new[] { new { message = error.MessageFor(request), code = error.Code } }, success = false, result = Empty, messages = None });

    public static Answer Text(int status, string text) => new(status, "text/plain; charset=UTF-8", Encoding.UTF8.GetBytes(text));

    /// <summary>The cost of a request for the header <c>cf-ai-neurons</c>; null for an unpriced model.</summary>
    public static string? Neurons(GenerationInput input) => input.Model.Neurons?.Invoke(input).ToString("0.##", CultureInfo.InvariantCulture);

    public async Task SendAsync(HttpResponse response)
    {
        (response.StatusCode, response.ContentType, response.ContentLength) = (Status, ContentType, Body.Length);
        await response.Body.WriteAsync(Body, response.HttpContext.RequestAborted);
    }

    private static Answer Json<T>(int status, T content) => new(status, "application/json", JsonSerializer.SerializeToUtf8Bytes(content, Plain));
}
