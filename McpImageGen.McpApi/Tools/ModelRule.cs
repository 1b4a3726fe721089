using System.Globalization;
using McpImageGen.Contracts;

namespace McpImageGen.McpApi.Tools;

/// <summary>Checks the parameters of a call against the parameters that the model supports.</summary>
internal static class ModelRule
{
    /// <exception cref="ToolRefusedException">The model does not support a parameter or value. The error lists what the model supports.</exception>
    public static void Demand(ImageModel model, GenerationParameters parameters, int count, int inputImages)
    {
        if (inputImages > model.InputImages)
            throw Refused("job_ids", $"{model.Name} accepts up to {model.InputImages} input images, but {inputImages} were given.");
        foreach (var (name, value) in parameters.ByName())
        {
            if (model.Parameter(name) is not { } parameter)
                throw Refused(name, NotTaken(model, name));
            if (OutOfRange(parameter, value, count) is { } was)
                throw Refused(name, $"'{name}' must be from {parameter.Minimum} to {parameter.Maximum} for {model.Name}, but {was}. {Takes(model)}");
        }
    }

    private static string? OutOfRange(ModelParameter parameter, object value, int count)
    {
        // The tools' schema limits the length of text; the limit is the same for all models.
        if (value is string)
            return null;
        var number = Convert.ToDouble(value, CultureInfo.InvariantCulture);
        if (number < parameter.Minimum || number > parameter.Maximum)
            return $"was {number}";
        var last = number + count - 1;
        return parameter.Name == ModelParameter.Seed && last > parameter.Maximum ? $"the last of {count} images would have the seed {last}" : null;
    }

    private static string NotTaken(ImageModel model, string name)
    {
        var others = ImageModel.All.Where(other => other.Parameter(name) is not null).Select(other => other.Name);
        return $"{model.Name} does not support '{name}'{WhatItDoes(model, name)}. {Takes(model)} Models that support {name}: {string.Join(", ", others)}.";
    }

    private static string WhatItDoes(ImageModel model, string name) => (name, model.Fixed) switch
    {
        (ModelParameter.Width or ModelParameter.Height, { Width: { } width, Height: { } height }) => $": it always generates {width}×{height} images",
        (ModelParameter.Steps, { Steps: { } steps }) => $": it always uses {steps} steps",
        _ => "",
    };

    private static string Takes(ImageModel model) => $"Supported parameters: {string.Join(", ", model.Parameters.Select(parameter => parameter.InWords))}.";

    private static ToolRefusedException Refused(string argument, string error) => new(ToolAnswer.Refusal(new ArgumentError(argument, error)));
}
