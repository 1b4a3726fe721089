using System.ComponentModel;
using McpImageGen.Contracts;

namespace McpImageGen.McpApi.Tools;

/// <summary>Describes the models as the catalogue does. One tool has it, so that the list of tools does not say it four times.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
internal sealed class ModelHelpAttribute() : DescriptionAttribute(Text)
{
    /// <summary>For the other tools.</summary>
    public const string Elsewhere = "See list_models.";

    private static string Text =>
        string.Join("; ", ImageModel.All.Select(model => $"{model.Name}: {model.Description}"))
        + ". A model accepts only the parameters that list_models returns for it.";
}
