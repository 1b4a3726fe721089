using McpImageGen.Contracts;
using McpImageGen.Jobs.Database;
using McpImageGen.Jobs.Submission;

namespace McpImageGen.McpApi.Application;

/// <summary>Why a request was not carried out. It changed nothing.</summary>
/// <param name="Code">One of <see cref="ErrorCode"/>.</param>
/// <param name="Message">What is wrong and what to do. It names the tools of the MCP server.</param>
/// <param name="Argument">The invalid argument; null if the error is not about an argument.</param>
internal sealed record RequestError(string Code, string Message, string? Argument = null)
{
    /// <summary>The job that the request refers to.</summary>
    public Guid? JobId { get; init; }

    /// <summary>The status of that job, if it is the reason.</summary>
    public string? Status { get; init; }

    /// <summary>How many unfinished jobs the owner has, if there are too many.</summary>
    public long? Unfinished { get; init; }

    /// <summary>The limit of unfinished jobs.</summary>
    public int? Limit { get; init; }

    public static RequestError Invalid(string argument, string message) => new(ErrorCode.InvalidArgument, message, argument);

    public static RequestError UnknownJob(Guid jobId) => new(ErrorCode.NotFound, "Job not found") { JobId = jobId };

    public static RequestError UnknownJobs { get; } = new(ErrorCode.NotFound, "One or more jobs not found");

    /// <summary>The error that an exception of the application layer stands for; null for an unexpected exception.</summary>
    public static RequestError? Find(Exception exception, JobsDatabase database) => exception switch
    {
        RequestFailedException failed => failed.Error,
        TooManyJobsException tooMany => new(
            ErrorCode.TooManyJobs,
            $"You have {tooMany.Unfinished} unfinished jobs and the limit is {tooMany.Limit}, so nothing was started. "
                + "Wait for some of them with wait_for_completion (list_jobs shows them), then call again.")
        {
            Unfinished = tooMany.Unfinished,
            Limit = tooMany.Limit,
        },
        IdempotencyConflictException => new(
            ErrorCode.IdempotencyConflict,
            "This idempotency_key was used within the last 24 hours by a call with different arguments, so nothing was started. "
                + "Use another key, or repeat that call with the same arguments.",
            "idempotency_key"),
        _ when database.IsUnavailable(exception) => new(
            ErrorCode.DatabaseUnavailable,
            "The job database is not available. Accepted jobs are not lost. Try again in a few seconds. "
                + "If this call was meant to start jobs, call list_jobs first to check whether they were started."),
        _ => null,
    };
}

/// <summary>A request was not carried out, because of an error that its caller can understand.</summary>
internal sealed class RequestFailedException(RequestError error, Exception? inner = null) : Exception(error.Message, inner)
{
    public RequestError Error => error;
}
