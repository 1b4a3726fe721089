using System.Text.Json;
using McpImageGen.Contracts;
using McpImageGen.Jobs;
using McpImageGen.Jobs.Database;
using McpImageGen.Jobs.Lifecycle;
using McpImageGen.McpApi.Tools;

namespace McpImageGen.McpApi.Pages.Generate;

/// <summary>Submits what a page asks for, checked and accepted as a call of <c>generate_image</c> is, and says to a person why not.</summary>
internal sealed partial class PageSubmission(
    GenerationTools generations, ToolArguments arguments, JobsDatabase database, ILogger<PageSubmission> logger)
{
    private const string Tool = "generate_image";
    private static readonly JsonSerializerOptions ByArgumentName = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>The jobs of a form, or what is wrong with it. The same form, sent again, has the same jobs.</summary>
    public async Task<(IReadOnlyList<GenerationJob> Jobs, FormProblem? Problem)> SubmitAsync(GenerationForm form)
    {
        var (values, _, refusal) = arguments.Read(Tool, form.ToArguments());
        if (refusal is not null)
            return ([], new FormProblem(refusal.Error, refusal.Argument));
        return await TryAsync(new GenerationRequest(
            form[GenerationForm.Prompt],
            values.TryGetValue(GenerationForm.Model, out var model) ? model.GetString()! : ImageModel.FluxSchnell,
            values.TryGetValue(GenerationForm.Count, out var count) ? count.GetInt32() : 1,
            JsonSerializer.SerializeToElement(values).Deserialize<GenerationParameters>(ByArgumentName)!,
            values.TryGetValue(GenerationForm.Key, out var key) ? key.GetString() : null));
    }

    /// <summary>One more job like this one with another seed. The same job and seed, sent again, have the same new job.</summary>
    public async Task<(IReadOnlyList<GenerationJob> Jobs, FormProblem? Problem)> AgainAsync(GenerationJob job, int seed)
    {
        if (ImageModel.Find(job.Model) is not { } model)
            return ([], new FormProblem($"This server no longer has the model {job.Model}."));

        // A model without a parameter for it takes another seed by itself.
        var parameters = job.ToParameters() with { Seed = model.Parameter(ModelParameter.Seed) is null ? null : seed };
        return await TryAsync(
            new GenerationRequest(job.Prompt, job.Model, Count: 1, parameters, $"again {job.Id} {seed}") { InputImages = job.InputImages?.Split(' ') ?? [] });
    }

    private async Task<(IReadOnlyList<GenerationJob> Jobs, FormProblem? Problem)> TryAsync(GenerationRequest request)
    {
        try
        {
            var jobs = await generations.SubmitAsync(request, CancellationToken.None);
            return jobs.All(job => job.Status == JobStatus.Deleted)
                ? ([], new FormProblem("These images were generated before and then deleted. Reload the page to generate new ones."))
                : (jobs, null);
        }
        catch (ToolRefusedException refused)
        {
            return ([], new FormProblem(refused.Error, refused.Argument));
        }
        catch (TooManyJobsException exception)
        {
            return ([], new FormProblem(
                $"{exception.Unfinished} of your images are not finished yet, and at most {exception.Limit} may be, so nothing was started. "
                + "Wait for some of them, then try again."));
        }
        catch (IdempotencyConflictException)
        {
            return ([], new FormProblem("This form has started other images before. Press the button once more to start these too.", GenerationForm.Key));
        }
        catch (Exception exception) when (database.IsAway(exception))
        {
            Log.DatabaseAway(logger, exception.GetBaseException().Message);
            return ([], new FormProblem("The job database does not answer at the moment. Try again in a few seconds; nothing is started twice."));
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "A page could not submit jobs to the database: {Reason}")]
        public static partial void DatabaseAway(ILogger logger, string reason);
    }
}
