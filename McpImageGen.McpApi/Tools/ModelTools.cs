using System.ComponentModel;
using McpImageGen.Contracts;
using McpImageGen.Contracts.Models;
using McpImageGen.Jobs.Queries;
using McpImageGen.McpApi.Results;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace McpImageGen.McpApi.Tools;

/// <summary>The tool that lists the models.</summary>
[McpServerToolType]
internal sealed class ModelTools(ModelAvailability availability)
{
    private const double FreeNeuronsADay = 10_000;

    [McpServerTool(Name = "list_models", Title = "List models", ReadOnly = true, OpenWorld = false)]
    [Description("""
        Lists the models: strengths, parameters with ranges, maximum number of input images for edit_image, time and cost per image, and current
        availability.
        """)]
    [Returns(typeof(ModelsResult))]
    public async Task<CallToolResult> ListModels(RequestContext<CallToolRequestParams> request, CancellationToken cancellationToken)
    {
        var outages = await availability.ReadAsync(cancellationToken);
        return request.Result(new ModelsResult(
            ImageModel.All.Count,
            ImageModel.FluxSchnell,
            ImageModel.Flux2Klein4B,
            $"Cloudflare neurons. A Workers AI account includes {FreeNeuronsADay} free neurons per day, reset at 00:00 UTC; using more requires a paid plan. "
                + "neurons_per_image is Cloudflare's list price for an image with the model's default size and steps; null when there is no list price.",
            [.. ImageModel.All.Select(model => ItemOf(model, outages.GetValueOrDefault(model.Name)))]));
    }

    private static ModelItem ItemOf(ImageModel model, ModelOutage? outage)
    {
        var neurons = model.Neurons?.Invoke(GenerationParameters.ModelDefaults, 0);
        return new(
            model.Name, model.Description, model.EstimatedSeconds,
            [.. model.Parameters.Select(parameter => new ParameterItem(parameter.Name, parameter.Type, parameter.Minimum, parameter.Maximum, parameter.Default))],
            model.Fixed.ByName().ToDictionary(),
            model.InputImages,
            neurons is { } price ? Math.Round(price, 2) : null,
            neurons > 0 ? Math.Floor(FreeNeuronsADay / neurons.Value) : null,
            UsableNow: outage is null,
            outage);
    }

    private sealed record ModelsResult(
        int Count, string DefaultModel, string DefaultModelForEditing, string CostUnit, IReadOnlyList<ModelItem> Models) : ToolResult;

    private sealed record ModelItem(
        string Name, string Description, int EstimatedTimeSeconds, IReadOnlyList<ParameterItem> Parameters, IReadOnlyDictionary<string, object> Always,
        int MostInputImages, double? NeuronsPerImage, double? FreeImagesPerDay, bool UsableNow, ModelOutage? Trouble);

    private sealed record ParameterItem(string Name, string Type, double Minimum, double Maximum, double? Default);
}
