using System.Globalization;
using McpImageGen.Contracts;
using McpImageGen.Contracts.Models;

namespace McpImageGen.McpApi.Application;

/// <summary>The limits of a request to generate images, and the parameters that its model supports.</summary>
internal static class GenerationRules
{
    public const int MaxImages = 20;

    private static readonly TextRule Prompt = new(3, 1000);
    private static readonly TextRule NegativePrompt = new(1, 1000);
    private static readonly TextRule IdempotencyKey = new(1, 200);

    /// <summary>Checks the request and returns the parameters of its jobs.</summary>
    /// <exception cref="RequestFailedException">The request is invalid. The error says what is allowed.</exception>
    public static GenerationParameters Check(GenerationRequest request)
    {
        CheckText("prompt", request.Prompt, Prompt);
        CheckText(ParameterName.NegativePrompt, request.Parameters.NegativePrompt, NegativePrompt);
        CheckText("idempotency_key", request.IdempotencyKey, IdempotencyKey);
        if (request.Count is < 1 or > MaxImages)
            throw Invalid("count", $"'count' must be an integer from 1 to {MaxImages}, but was {request.Count}.");
        if (ImageModel.Find(request.Model) is not { } model)
            throw Invalid("model", $"'model' must be one of {string.Join(", ", ImageModel.All.Select(known => known.Name))}, but was \"{request.Model}\".");
        if (request.InputCount > model.InputImages)
            throw Invalid("job_ids", $"{model.Name} accepts up to {model.InputImages} input images, but {request.InputCount} were given.");
        var parameters = AspectRatio.Resolve(request.Parameters, model);
        foreach (var (name, value) in parameters.ByName())
        {
            if (model.Parameter(name) is not { } parameter)
                throw Invalid(name, Unsupported(model, name));
            if (OutOfRange(parameter, value, request.Count) is { } was)
                throw Invalid(name, $"'{name}' must be from {parameter.Minimum} to {parameter.Maximum} for {model.Name}, but {was}. {SupportedBy(model)}");
        }

        return parameters;
    }

    private static void CheckText(string name, string? text, TextRule rule)
    {
        if (text is not null && rule.ErrorIn($"'{name}'", text) is { } error)
            throw Invalid(name, error);
    }

    private static string? OutOfRange(ModelParameter parameter, object value, int count)
    {
        // The length of text is the same for all models.
        if (value is string)
            return null;
        var number = Convert.ToDouble(value, CultureInfo.InvariantCulture);
        if (number < parameter.Minimum || number > parameter.Maximum)
            return $"was {number}";
        var last = number + count - 1;
        return parameter.Name == ParameterName.Seed && last > parameter.Maximum ? $"the last of {count} images would have the seed {last}" : null;
    }

    private static string Unsupported(ImageModel model, string name)
    {
        var others = ImageModel.All.Where(other => other.Parameter(name) is not null).Select(other => other.Name);
        return $"{model.Name} does not support '{name}'{FixedValueOf(model, name)}. {SupportedBy(model)} Models that support {name}: {string.Join(", ", others)}.";
    }

    private static string FixedValueOf(ImageModel model, string name) => (name, model.Fixed) switch
    {
        (ParameterName.Width or ParameterName.Height, { Width: { } width, Height: { } height }) => $": it always generates {width}×{height} images",
        (ParameterName.Steps, { Steps: { } steps }) => $": it always uses {steps} steps",
        _ => "",
    };

    private static string SupportedBy(ImageModel model) => $"Supported parameters: {string.Join(", ", model.Parameters.Select(parameter => parameter.InWords))}.";

    private static RequestFailedException Invalid(string argument, string message) => new(RequestError.Invalid(argument, message));
}
