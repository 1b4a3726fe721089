using System.ComponentModel;
using McpImageGen.Contracts.Models;

namespace McpImageGen.McpApi.Tools;

/// <summary>A description of all models, from the catalogue. Only one tool has it, so that tools/list does not repeat it four times.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
internal sealed class ModelHelpAttribute() : DescriptionAttribute(Text)
{
    /// <summary>The description for the other tools.</summary>
    public const string Elsewhere = "See list_models.";

    private static string Text =>
        string.Join("; ", ImageModel.All.Select(model => $"{model.Name}: {model.Description}"))
        + ". A model accepts only the parameters that list_models returns for it.";
}
