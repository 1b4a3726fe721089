using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using McpImageGen.Contracts.Models;

namespace McpImageGen.McpApi.Tools;

/// <summary>Descriptions of arguments that several tools share. The published schema adds the limits and the default of each argument.</summary>
internal static class ArgumentHelp
{
    public const string Prompt = "What the image shows: subject, style, light.";
    public const string Count = "Number of images.";
    public const string IdempotencyKey = "Within 24 hours, the same key returns the same jobs.";
    public const string JobId = "Job id (UUID).";
    public const string Timeout = "Seconds to wait. Default: less than clients' usual limit.";
    public const string Inline = "Attach previews of the images.";
}

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

/// <summary>Allows the names of all models, or of the models that accept input images.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
internal sealed class ModelNamesAttribute(bool startsFromImages = false)
    : AllowedValuesAttribute([.. Among(startsFromImages).Select(model => model.Name)])
{
    public static IEnumerable<ImageModel> Among(bool startsFromImages) =>
        ImageModel.All.Where(model => !startsFromImages || model.InputImages > 0);
}
