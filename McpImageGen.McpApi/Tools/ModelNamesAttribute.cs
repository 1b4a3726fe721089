using System.ComponentModel.DataAnnotations;
using McpImageGen.Contracts.Models;

namespace McpImageGen.McpApi.Tools;

/// <summary>Allows the names of all models, or of the models that accept input images.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
internal sealed class ModelNamesAttribute(bool startsFromImages = false)
    : AllowedValuesAttribute([.. Among(startsFromImages).Select(model => model.Name)])
{
    public static IEnumerable<ImageModel> Among(bool startsFromImages) =>
        ImageModel.All.Where(model => !startsFromImages || model.InputImages > 0);
}
