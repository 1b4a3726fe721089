using SkiaSharp;

namespace McpImageGen.WorkersAiEmulator.Models;

/// <summary>A model's interface: its input, its response format and its price.</summary>
internal sealed record EmulatedModel
{
    /// <summary>Cloudflare's name, <c>@cf/…</c>.</summary>
    public required string Id { get; init; }

    public required IReadOnlyList<Field> Fields { get; init; }

    /// <summary>Fields that the published schema does not list, but that Cloudflare's examples send.</summary>
    public IReadOnlyList<Field> UndocumentedFields { get; init; } = [];

    /// <summary>True if the model accepts only multipart/form-data.</summary>
    public bool Multipart { get; init; }

    /// <summary>The content type if the response body is the raw image; null if it is JSON with the image in base64.</summary>
    public string? RawContentType { get; init; }

    public SKEncodedImageFormat Format { get; init; } = SKEncodedImageFormat.Jpeg;

    /// <summary>The default width in pixels.</summary>
    public int Width { get; init; } = 1024;

    /// <summary>The default height in pixels.</summary>
    public int Height { get; init; } = 1024;

    /// <summary>The default number of steps.</summary>
    public required int Steps { get; init; }

    /// <summary>The cost of a request in neurons; null if the model is unpriced.</summary>
    public Func<GenerationInput, double>? Neurons { get; init; }

    /// <summary>Validates the values against the model's schema; null if they are valid.</summary>
    public string? Problem(IReadOnlyDictionary<string, object> values, bool strictSchema)
    {
        IReadOnlyList<Field> fields = strictSchema ? Fields : [.. Fields, .. UndocumentedFields];
        foreach (var (name, value) in values)
        {
            var field = fields.FirstOrDefault(field => field.Name == name);
            if (field is null)
                return $"additional properties at '/' are not allowed: '{name}'";
            if (field.Problem(value) is { } problem)
                return problem;
        }

        return Fields.FirstOrDefault(field => field.Required && !values.ContainsKey(field.Name)) is { } missing
            ? $"required properties at '/' are '{missing.Name}'"
            : null;
    }
}
