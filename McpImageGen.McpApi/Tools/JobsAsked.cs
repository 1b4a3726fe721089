using ModelContextProtocol.Protocol;

namespace McpImageGen.McpApi.Tools;

/// <summary>The arguments of tools that take either one job or a list of them.</summary>
internal static class JobsAsked
{
    /// <summary>Why they cannot be meant; null when one of the two is there.</summary>
    public static CallToolResult? Refusal(Guid? jobId, Guid[]? jobIds) => (jobId, jobIds) switch
    {
        (null, null) => Refusal("Pass either 'job_id' (one job) or 'job_ids' (a list of 1 to 20); neither was sent."),
        ({ }, { }) => Refusal("Pass either 'job_id' (one job) or 'job_ids' (a list of 1 to 20), not both."),
        _ => null,
    };

    private static CallToolResult Refusal(string error) => ToolAnswer.Refusal(new ToolRefusal("job_id", error));
}
