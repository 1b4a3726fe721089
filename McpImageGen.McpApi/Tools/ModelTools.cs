using System.ComponentModel;
using McpImageGen.Contracts;
using McpImageGen.Jobs.Lifecycle;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace McpImageGen.McpApi.Tools;

/// <summary>The tool that lists the models.</summary>
[McpServerToolType]
internal sealed class ModelTools(ModelAvailability troubles)
{
    private const double FreeNeuronsADay = 10_000;

    [McpServerTool(Name = "list_models", Title = "List models", ReadOnly = true, OpenWorld = false)]
    [Description("""
        Lists the models: strengths, parameters with ranges, maximum number of input images for edit_image, time and cost per image, and current
        availability.
        """)]
    public async Task<CallToolResult> ListModels(CancellationToken cancellationToken)
    {
        var known = await troubles.ReadAsync(cancellationToken);
        return ToolAnswer.Result(new
        {
            Success = true,
            ImageModel.All.Count,
            DefaultModel = ImageModel.FluxSchnell,
            DefaultModelForEditing = ImageModel.Flux2Klein4B,
            CostUnit = $"Cloudflare neurons. A Workers AI account includes {FreeNeuronsADay} free neurons per day, reset at 00:00 UTC; using more requires a paid plan. "
                + "neurons_per_image is Cloudflare's list price for an image with the model's default size and steps; null when there is no list price.",
            Models = ImageModel.All.Select(model => About(model, known.GetValueOrDefault(model.Name))),
        });
    }

    private static object About(ImageModel model, ModelOutage? trouble)
    {
        var neurons = model.Neurons?.Invoke(GenerationParameters.ModelDefaults, 0);
        return new
        {
            model.Name,
            model.Description,
            EstimatedTimeSeconds = model.EstimatedSeconds,
            Parameters = model.Parameters.Select(parameter => new
            {
                parameter.Name,
                parameter.Type,
                Minimum = parameter.Minimum,
                Maximum = parameter.Maximum,
                parameter.Default,
            }),
            Always = model.Fixed.ByName().ToDictionary(),
            MostInputImages = model.InputImages,
            NeuronsPerImage = neurons is { } price ? Math.Round(price, 2) : (double?)null,
            FreeImagesPerDay = neurons > 0 ? Math.Floor(FreeNeuronsADay / neurons.Value) : (double?)null,
            UsableNow = trouble is null,
            Trouble = trouble,
        };
    }
}
