using ModelContextProtocol.Protocol;

namespace McpImageGen.McpApi.Tools;

/// <summary>The arguments of tools that accept either one job or a list of jobs.</summary>
internal static class JobsAsked
{
    /// <summary>The error if neither or both are given; otherwise null.</summary>
    public static CallToolResult? Refusal(Guid? jobId, Guid[]? jobIds) => (jobId, jobIds) switch
    {
        (null, null) => Refusal("Pass either 'job_id' (one job) or 'job_ids' (a list of 1 to 20); neither was sent."),
        ({ }, { }) => Refusal("Pass either 'job_id' (one job) or 'job_ids' (a list of 1 to 20), not both."),
        _ => null,
    };

    private static CallToolResult Refusal(string error) => ToolAnswer.Refusal(new ArgumentError("job_id", error));
}
