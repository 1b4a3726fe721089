using System.Text.Json;
using McpImageGen.Contracts;
using McpImageGen.Jobs;
using McpImageGen.Jobs.Database;
using McpImageGen.Jobs.Lifecycle;
using McpImageGen.McpApi.Tools;

namespace McpImageGen.McpApi.Pages.Generate;

/// <summary>Submits the jobs of a page with the same checks as <c>generate_image</c>, and returns errors as messages for people.</summary>
internal sealed partial class PageSubmission(
    GenerationTools generations, ToolArguments arguments, JobsDatabase database, ILogger<PageSubmission> logger)
{
    private const string Tool = "generate_image";

    public static FormError DatabaseUnavailable { get; } = new("The job database is not available. Try again in a few seconds; no image is started twice.");

    private static readonly JsonSerializerOptions ByArgumentName = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>Returns the jobs of a form, or what is wrong with it. Submitting the same form again returns the same jobs.</summary>
    public async Task<(IReadOnlyList<GenerationJob> Jobs, FormError? Problem)> SubmitAsync(GenerationForm form)
    {
        var (values, _, refusal) = arguments.Read(Tool, form.ToArguments());
        if (refusal is not null)
            return ([], new FormError(refusal.Error, refusal.Argument));
        return await TryAsync(new GenerationRequest(
            form[GenerationForm.Prompt],
            values.TryGetValue(GenerationForm.Model, out var model) ? model.GetString()! : ImageModel.FluxSchnell,
            values.TryGetValue(GenerationForm.Count, out var count) ? count.GetInt32() : 1,
            JsonSerializer.SerializeToElement(values).Deserialize<GenerationParameters>(ByArgumentName)!,
            values.TryGetValue(GenerationForm.Key, out var key) ? key.GetString() : null));
    }

    /// <summary>Submits a copy of a job with another seed. Submitting the same job and seed again returns the same new job.</summary>
    public async Task<(IReadOnlyList<GenerationJob> Jobs, FormError? Problem)> AgainAsync(GenerationJob job, int seed)
    {
        if (ImageModel.Find(job.Model) is not { } model)
            return ([], new FormError($"The model {job.Model} is no longer available on this server."));

        // A model without a seed parameter always uses a random seed.
        var parameters = job.ToParameters() with { Seed = model.Parameter(ModelParameter.Seed) is null ? null : seed };
        return await TryAsync(
            new GenerationRequest(job.Prompt, job.Model, Count: 1, parameters, $"again {job.Id} {seed}") { InputImages = job.InputImages?.Split(' ') ?? [] });
    }

    private async Task<(IReadOnlyList<GenerationJob> Jobs, FormError? Problem)> TryAsync(GenerationRequest request)
    {
        try
        {
            var jobs = await generations.SubmitAsync(request, CancellationToken.None);
            return jobs.All(job => job.Status == JobStatus.Deleted)
                ? ([], new FormError("These images were generated before and then deleted. Reload the page to generate new ones."))
                : (jobs, null);
        }
        catch (ToolRefusedException refused)
        {
            return ([], new FormError(refused.Error, refused.Argument));
        }
        catch (TooManyJobsException exception)
        {
            return ([], new FormError(
                $"You have {exception.Unfinished} unfinished images and the limit is {exception.Limit}, so nothing was started. "
                + "Wait until some of them are finished, then try again."));
        }
        catch (IdempotencyConflictException)
        {
            return ([], new FormError("This form was already submitted with different values. Press the button again to start these images as well.", GenerationForm.Key));
        }
        catch (Exception exception) when (database.IsUnavailable(exception))
        {
            Log.DatabaseUnavailable(logger, exception.GetBaseException().Message);
            return ([], DatabaseUnavailable);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "Could not submit the jobs of a page to the database: {Reason}")]
        public static partial void DatabaseUnavailable(ILogger logger, string reason);
    }
}
