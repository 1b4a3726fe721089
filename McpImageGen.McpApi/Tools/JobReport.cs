using McpImageGen.Contracts;
using McpImageGen.Jobs;

namespace McpImageGen.McpApi.Tools;

/// <summary>What an answer says of a job beside its bare fields.</summary>
internal static class JobReport
{
    /// <summary>The error of a job that failed; null of any other, also of one that will be tried again.</summary>
    public static string? Error(GenerationJob job) => job.Status == JobStatus.Failed ? job.Error : null;

    /// <summary>Why a pending job was not done at its last attempt, and from when on it is tried again; null of any other job.</summary>
    public static object? WaitingFor(GenerationJob job) => job is { Status: JobStatus.Pending, ErrorCode: not null }
        ? new { Reason = job.Error, Code = job.ErrorCode, NextAttemptAt = job.NextAttemptAt, job.Attempts }
        : null;
}
