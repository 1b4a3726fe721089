using McpImageGen.Contracts;

namespace McpImageGen.GenerationWorker.WorkersAi;

/// <summary>
/// A model's names for the parameters that it supports. Models reject unknown fields or silently ignore them, so parameters that are not named
/// here are never sent. Source: Cloudflare's model schemas.
/// </summary>
/// <param name="names">The parameters, one of <see cref="ParameterName"/> each, with the model's name.</param>
public sealed class ModelFields(params (string Parameter, string Field)[] names)
{
    /// <summary>The parameters that are set, under the model's names. All of them must be supported.</summary>
    internal IEnumerable<KeyValuePair<string, object>> Of(GenerationParameters parameters) =>
        parameters.ByName().Select(parameter => KeyValuePair.Create(FieldOf(parameter.Key)!, parameter.Value));

    /// <summary>The public name of the first parameter that is set but not supported, or null.</summary>
    internal string? FirstNotTaken(GenerationParameters parameters) =>
        (from parameter in parameters.ByName()
         // JSON cannot represent these numbers.
         where FieldOf(parameter.Key) is null || parameter.Value is double.NaN or double.PositiveInfinity or double.NegativeInfinity
         select parameter.Key).FirstOrDefault();

    /// <summary>The model's name for a parameter, given its public name; null if the model does not support it.</summary>
    internal string? FieldOf(string parameter) => names.FirstOrDefault(name => name.Parameter == parameter).Field;
}
