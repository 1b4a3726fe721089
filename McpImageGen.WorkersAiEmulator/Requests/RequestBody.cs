using System.Globalization;
using System.Text.Json;
using McpImageGen.WorkersAiEmulator.Answers;
using McpImageGen.WorkersAiEmulator.Models;

namespace McpImageGen.WorkersAiEmulator.Requests;

/// <summary>Reads a request's values, as JSON or multipart depending on the model, and validates them against the model's schema.</summary>
internal static class RequestBody
{
    /// <summary>
    /// Above this limit the connection is closed. Bodies between the two limits are read completely, so that the client receives a 413.
    /// </summary>
    public const long MaxBytesRead = 100_000_000;

    private const int MaxBytes = 10_000_000;

    /// <exception cref="AiErrorException">The request is invalid; contains the error that the real service would return.</exception>
    public static async Task<GenerationInput> ReadAsync(HttpRequest request, EmulatedModel model, bool strictSchema)
    {
        var body = await ReadWholeAsync(request);
        var isForm = request.ContentType?.StartsWith("multipart/form-data", StringComparison.OrdinalIgnoreCase) == true;
        var values = (isForm, model.Multipart) switch
        {
            (true, true) => await FormAsync(request, body, model),
            (false, false) => Json(body),
            (_, true) => throw Wrong("required properties at '/' are 'multipart'"),
            (_, false) => throw Wrong("required properties at '/' are 'prompt'"),
        };
        return model.Problem(values, strictSchema) is { } problem ? throw Wrong(problem) : new GenerationInput(model, values);
    }

    private static async Task<MemoryStream> ReadWholeAsync(HttpRequest request)
    {
        var whole = new MemoryStream();
        var buffer = new byte[16 * 1024];
        var length = 0L;
        try
        {
            for (int read; (read = await request.Body.ReadAsync(buffer, request.HttpContext.RequestAborted)) > 0;)
            {
                length += read;
                if (length <= MaxBytes)
                    whole.Write(buffer, 0, read);
            }
        }
        catch (BadHttpRequestException tooLarge) when (tooLarge.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            length = long.MaxValue;
        }

        whole.Position = 0;
        return length <= MaxBytes ? whole : throw new AiErrorException(AiError.TooLarge);
    }

    private static Dictionary<string, object> Json(MemoryStream body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
                throw Wrong($"Type mismatch of '/', '{document.RootElement.ValueKind.ToString().ToLowerInvariant()}' not in 'object'");
            var values = new Dictionary<string, object>();
            foreach (var property in document.RootElement.EnumerateObject())
                values[property.Name] = ValueOf(property.Value);
            return values;
        }
        catch (Exception malformed) when (malformed is JsonException or InvalidOperationException)
        {
            throw new AiErrorException(new AiError(400, 5004, "Invalid data: the body is not JSON"));
        }
    }

    private static object ValueOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Number => value.TryGetInt64(out var whole) ? (object)whole : value.GetDouble(),
        var other => other,
    };

    private static async Task<Dictionary<string, object>> FormAsync(HttpRequest request, MemoryStream body, EmulatedModel model)
    {
        try
        {
            request.Body = body;
            var form = await request.ReadFormAsync(request.HttpContext.RequestAborted);
            var values = new Dictionary<string, object>();
            foreach (var (name, texts) in form)
                values[name] = ValueOf(texts.ToString(), model.Fields.FirstOrDefault(field => field.Name == name)?.Type);
            foreach (var file in form.Files)
                values[file.Name] = await ValueOfAsync(file);
            return values;
        }
        catch (Exception malformed) when (malformed is InvalidDataException or IOException)
        {
            throw new AiErrorException(new AiError(400, 5004, "Invalid data: the body is not multipart/form-data"));
        }
    }

    /// <summary>Form values are strings; they are parsed as numbers if the field's type is a number.</summary>
    private static object ValueOf(string text, string? type) =>
        type is not ("integer" or "number") ? text
        : long.TryParse(text, CultureInfo.InvariantCulture, out var whole) ? (object)whole
        : double.TryParse(text, CultureInfo.InvariantCulture, out var number) ? number
        : text;

    private static async Task<object> ValueOfAsync(IFormFile file)
    {
        using var content = new MemoryStream();
        await file.CopyToAsync(content);
        return content.ToArray();
    }

    private static AiErrorException Wrong(string what) => new(AiError.BadInput(what));
}
