using System.Text.Json;
using SkiaSharp;

namespace McpImageGen.WorkersAiEmulator.Models;

/// <summary>A field of a model's schema, with the errors that Workers AI returns for invalid values.</summary>
internal sealed record Field
{
    public required string Name { get; init; }

    /// <summary>The JSON type as named in errors: <c>string</c>, <c>integer</c>, <c>number</c>; <c>image</c> is a file.</summary>
    public required string Type { get; init; }

    public double Minimum { get; init; } = double.MinValue;

    public double Maximum { get; init; } = double.MaxValue;

    public bool Required { get; init; }

    public static Field Text(string name, int min, int max, bool required = false) =>
        new() { Name = name, Type = "string", Minimum = min, Maximum = max, Required = required };

    public static Field Integer(string name, double min = double.MinValue, double max = double.MaxValue) =>
        new() { Name = name, Type = "integer", Minimum = min, Maximum = max };

    public static Field Number(string name, double min = double.MinValue, double max = double.MaxValue) =>
        new() { Name = name, Type = "number", Minimum = min, Maximum = max };

    /// <summary>An image file whose sides are at most <paramref name="side"/> pixels.</summary>
    public static Field Image(string name, int side) => new() { Name = name, Type = "image", Maximum = side };

    /// <summary>
    /// The error for <paramref name="value"/>, null if it is valid. The value is a string, long, double, byte[] (a file) or <see cref="JsonValueKind"/> (any other JSON value).
    /// </summary>
    public string? Problem(object value) => (Type, value) switch
    {
        ("string", string text) => Range(text.EnumerateRunes().Count(), $"Length of '/{Name}'"),
        ("integer" or "number", long number) => Range(number, $"'/{Name}'"),
        ("integer", double number) when IsWhole(number) => Range(number, $"'/{Name}'"),
        ("number", double number) => Range(number, $"'/{Name}'"),
        ("image", byte[] file) => ImageProblem(file),
        _ => $"Type mismatch of '/{Name}', '{TypeOf(value)}' not in '{Type}'",
    };

    /// <summary>As in JSON Schema, 4.0 is an integer.</summary>
    private static bool IsWhole(double number) => double.IsInteger(number) && Math.Abs(number) < 1e15;

    private string? Range(double amount, string what) =>
        amount < Minimum ? FormattableString.Invariant($"{what} must be >= {Minimum}")
        : amount > Maximum ? FormattableString.Invariant($"{what} must be <= {Maximum}")
        : null;

    private string? ImageProblem(byte[] file)
    {
        using var data = SKData.CreateCopy(file);
        using var codec = SKCodec.Create(data);
        return codec is null ? $"'/{Name}' is not an image"
            : codec.Info.Width > Maximum || codec.Info.Height > Maximum ? FormattableString.Invariant($"'/{Name}' must be smaller than {Maximum}x{Maximum}")
            : null;
    }

    private static string TypeOf(object value) => value switch
    {
        string => "string",
        long => "integer",
        double => "number",
        byte[] => "file",
        JsonValueKind.True or JsonValueKind.False => "boolean",
        JsonValueKind other => other.ToString().ToLowerInvariant(),
        _ => "unknown",
    };
}
