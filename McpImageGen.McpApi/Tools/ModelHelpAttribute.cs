using System.ComponentModel;
using McpImageGen.Contracts;

namespace McpImageGen.McpApi.Tools;

/// <summary>Describes the models, or those that can start from images, as the catalogue does.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
internal sealed class ModelHelpAttribute(bool startsFromImages = false) : DescriptionAttribute(TextOf(startsFromImages))
{
    private static string TextOf(bool startsFromImages) =>
        string.Join(" ", ModelNamesAttribute.Among(startsFromImages).Select(Line)) + " list_models tells the ranges, the costs and what can be used now.";

    private static string Line(ImageModel model) =>
        $"{model.Name}: {model.Description}; takes {string.Join(", ", model.Parameters.Select(parameter => parameter.Name))}.";
}
