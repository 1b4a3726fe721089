using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using McpImageGen.Contracts.Models;
using McpImageGen.McpApi.Application;
using McpImageGen.McpApi.Auth;
using McpImageGen.McpApi.Results;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace McpImageGen.McpApi.Tools;

/// <summary>The tools that generate images.</summary>
[McpServerToolType]
internal sealed class GenerationTools(GenerationService generations, WaitingCalls waits, Caller caller)
{
    [McpServerTool(Name = "generate_image", Title = "Start generating images", Destructive = false, OpenWorld = true)]
    [Description("""
        Starts generating 1 to 20 images from one prompt and returns the job ids immediately. Call wait_for_completion with the ids to get the images, or
        use generate_image_and_wait.
        """)]
    [Returns(typeof(StartedResult), typeof(StartedListResult))]
    public async Task<CallToolResult> GenerateImage(
        RequestContext<CallToolRequestParams> request,
        [Description(ArgumentHelp.Prompt), StringLength(1000, MinimumLength = 3)] string prompt,
        [Description(ModelHelpAttribute.Elsewhere), ModelNames] string model = ImageModel.FluxSchnell,
        [Description(ArgumentHelp.Count), Range(1, 20)] int count = 1,
        NewImageArguments? image = null,
        [Description(ArgumentHelp.IdempotencyKey), StringLength(200, MinimumLength = 1)] string? idempotency_key = null)
    {
        var generation = new GenerationRequest(prompt, model, count, (image ?? new()).ToParameters(), idempotency_key);
        return request.Result(StartedResults.Of(generation, await generations.SubmitAsync(caller.Owner, generation, CancellationToken.None)));
    }

    [McpServerTool(Name = "generate_image_and_wait", Title = "Generate images", Destructive = false, OpenWorld = true)]
    [Description("""
        Generates 1 to 20 images from one prompt, waits until all are finished and returns a link to each. If timed_out is true, call
        wait_for_completion with the job ids; do not generate again.
        """)]
    [ReturnsWaitResult]
    public Task<CallToolResult> GenerateImageAndWait(
        RequestContext<CallToolRequestParams> request,
        IProgress<ProgressNotificationValue> progress,
        [Description(ArgumentHelp.Prompt), StringLength(1000, MinimumLength = 3)] string prompt,
        [ModelHelp, ModelNames] string model = ImageModel.FluxSchnell,
        [Description(ArgumentHelp.Count), Range(1, 20)] int count = 1,
        NewImageArguments? image = null,
        [Description(ArgumentHelp.IdempotencyKey), StringLength(200, MinimumLength = 1)] string? idempotency_key = null,
        [Description(ArgumentHelp.Timeout), Range(1, 3600)] int? timeout_seconds = null,
        [Description(ArgumentHelp.Inline)] bool inline = false,
        CancellationToken cancellationToken = default)
    {
        var generation = new GenerationRequest(prompt, model, count, (image ?? new()).ToParameters(), idempotency_key);
        return waits.WaitAsync(
            new WaitArguments(request, timeout_seconds, inline, progress), count, isSingle: count == 1,
            () => generations.SubmitAsync(caller.Owner, generation, cancellationToken),
            (limit, reports) => generations.SubmitAndWaitAsync(caller.Owner, generation, limit, reports, cancellationToken),
            cancellationToken);
    }
}
