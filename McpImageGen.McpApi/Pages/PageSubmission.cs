using McpImageGen.Contracts;
using McpImageGen.Jobs;
using McpImageGen.Jobs.Database;
using McpImageGen.McpApi.Application;

namespace McpImageGen.McpApi.Pages;

/// <summary>Starts generations from pages and returns errors as messages for people.</summary>
internal sealed partial class PageSubmission(JobsDatabase database, ILogger<PageSubmission> logger)
{
    public static FormError DatabaseUnavailable { get; } = new("The job database is not available. Try again in a few seconds; no image is started twice.");

    /// <summary>Returns the submitted jobs, or why none were submitted.</summary>
    public async Task<(IReadOnlyList<GenerationJob> Jobs, FormError? Error)> TryAsync(Func<Task<IReadOnlyList<GenerationJob>>> submit)
    {
        try
        {
            var jobs = await submit();
            return jobs.All(job => job.Status == JobStatus.Deleted)
                ? ([], new FormError("These images were generated before and then deleted. Reload the page to generate new ones."))
                : (jobs, null);
        }
        catch (Exception exception) when (RequestError.Find(exception, database) is { } error)
        {
            if (error.Code == ErrorCode.DatabaseUnavailable)
                Log.DatabaseUnavailable(logger, exception.GetBaseException().Message);
            return ([], ProblemOf(error));
        }
    }

    private static FormError ProblemOf(RequestError error) => error.Code switch
    {
        ErrorCode.TooManyJobs => new(
            $"You have {error.Unfinished} unfinished images and the limit is {error.Limit}, so nothing was started. Wait until some of them are finished, then try again."),
        ErrorCode.IdempotencyConflict => new(
            "This form was already submitted with different values. Press the button again to start these images as well.", error.Argument),
        ErrorCode.DatabaseUnavailable => DatabaseUnavailable,
        _ => new(error.Message, error.Argument),
    };

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "Could not submit the jobs of a page to the database: {Reason}")]
        public static partial void DatabaseUnavailable(ILogger logger, string reason);
    }
}

/// <summary>Why a form was not accepted.</summary>
/// <param name="Text">The message for the user.</param>
/// <param name="Field">The invalid field; null if the error is not in a field.</param>
public sealed record FormError(string Text, string? Field = null);
