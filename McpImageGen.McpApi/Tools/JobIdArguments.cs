using McpImageGen.McpApi.Application;

namespace McpImageGen.McpApi.Tools;

/// <summary>The arguments of tools that accept either one job or a list of jobs.</summary>
internal static class JobIdArguments
{
    /// <summary>The job ids.</summary>
    /// <exception cref="RequestFailedException">Neither or both of the arguments are given.</exception>
    public static IReadOnlyList<Guid> Of(Guid? jobId, Guid[]? jobIds) => (jobId, jobIds) switch
    {
        ({ } id, null) => [id],
        (null, { } ids) => ids,
        (null, null) => throw Invalid("Pass either 'job_id' (one job) or 'job_ids' (a list of 1 to 20); neither was sent."),
        _ => throw Invalid("Pass either 'job_id' (one job) or 'job_ids' (a list of 1 to 20), not both."),
    };

    private static RequestFailedException Invalid(string message) => new(RequestError.Invalid("job_id", message));
}
