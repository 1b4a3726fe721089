using McpImageGen.Contracts;
using McpImageGen.Contracts.Models;

namespace McpImageGen.McpApi.Application;

/// <summary>The shape of an image, for callers that do not want to choose its width and height for each model.</summary>
/// <param name="Width">Width in relation to the height.</param>
/// <param name="Height">Height in relation to the width.</param>
internal sealed record AspectRatio(int Width, int Height)
{
    /// <summary>Widths and heights are multiples of this number of pixels: every model accepts them, and no model rounds them.</summary>
    private const int Step = 8;

    /// <summary>The side of the square that models generate whose default size is not documented.</summary>
    private const double UsualSide = 1024;

    public static IReadOnlyList<AspectRatio> All { get; } =
        [new(1, 1), new(16, 9), new(9, 16), new(4, 3), new(3, 4), new(3, 2), new(2, 3), new(21, 9)];

    /// <summary>The names of the models that generate images of every shape.</summary>
    public static IEnumerable<string> Models =>
        ImageModel.All.Where(model => model.Parameter(ParameterName.Width) is not null).Select(model => model.Name);

    /// <summary>The name that callers use, for example <c>16:9</c>.</summary>
    public string Name => $"{Width}:{Height}";

    /// <summary>The parameters with the width and height that their aspect ratio means for the model; unchanged if they have no aspect ratio.</summary>
    /// <exception cref="RequestFailedException">
    /// There is no such aspect ratio, a width or height is given as well, or the model generates only images of another shape.
    /// </exception>
    public static GenerationParameters Resolve(GenerationParameters parameters, ImageModel model)
    {
        if (parameters.AspectRatio is not { } name)
            return parameters;
        if (All.FirstOrDefault(known => known.Name == name) is not { } ratio)
            throw Invalid($"must be one of {string.Join(", ", All.Select(known => known.Name))}, but was \"{name}\".");
        if (parameters.Width is not null || parameters.Height is not null)
            throw Invalid("cannot be combined with 'width' or 'height'. Omit either the aspect ratio or both of them.");
        var resolved = parameters with { AspectRatio = null };
        if (model.Parameter(ParameterName.Width) is { } width && model.Parameter(ParameterName.Height) is { } height)
        {
            var size = ratio.SizeWithin(width, height);
            return resolved with { Width = size.Width, Height = size.Height };
        }

        return model.Fixed.Width * ratio.Height == model.Fixed.Height * ratio.Width ? resolved : throw Invalid(
            $"must be omitted for {model.Name}, which always generates {model.Fixed.Width}×{model.Fixed.Height} images. Models that support it: "
                + $"{string.Join(", ", Models)}.");
    }

    /// <summary>The size of this shape whose area is closest to that of the model's default size, within the model's limits.</summary>
    private (int Width, int Height) SizeWithin(ModelParameter width, ModelParameter height)
    {
        var scale = Math.Sqrt((width.Default ?? UsualSide) * (height.Default ?? UsualSide) / (Width * Height));
        scale = Math.Min(scale, Math.Min(Max(width) / Width, Max(height) / Height));
        scale = Math.Max(scale, Math.Max(Min(width) / Width, Min(height) / Height));
        return (Nearest(Width * scale, width), Nearest(Height * scale, height));
    }

    private static int Nearest(double pixels, ModelParameter side) => (int)Math.Clamp(Math.Round(pixels / Step) * Step, Min(side), Max(side));

    private static double Min(ModelParameter side) => Math.Ceiling(side.Minimum / Step) * Step;

    private static double Max(ModelParameter side) => Math.Floor(side.Maximum / Step) * Step;

    private static RequestFailedException Invalid(string error) =>
        new(RequestError.Invalid(ParameterName.AspectRatio, $"'{ParameterName.AspectRatio}' {error}"));
}
