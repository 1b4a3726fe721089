using System.Globalization;
using McpImageGen.Contracts;
using McpImageGen.Jobs;

namespace McpImageGen.McpApi.Tools;

/// <summary>What an answer says of a job beside its bare fields.</summary>
internal static class JobReport
{
    /// <summary>The error of a job that failed; null of any other, also of one that will be tried again.</summary>
    public static string? Error(GenerationJob job) => job.Status == JobStatus.Failed ? job.Error : null;

    /// <summary>How many jobs ended without an image: <c>2 failed, 1 cancelled</c>.</summary>
    /// <param name="jobs">Jobs that failed or were cancelled.</param>
    /// <param name="noun">What stands between each number and its word.</param>
    public static string FailuresAmong(IEnumerable<GenerationJob> jobs, string noun = "") =>
        string.Join(", ", jobs.CountBy(job => job.Status).OrderByDescending(count => count.Key).Select(count => $"{count.Value} {noun}{count.Key}"));

    /// <summary>What is happening to a job, or why it has no image, for people.</summary>
    public static string? InWords(GenerationJob job) => job switch
    {
        { Status: JobStatus.Processing } => "The image is being generated.",
        { Status: JobStatus.Pending, Error: { } reason } => job.NextAttemptAt is { } next
            ? string.Create(CultureInfo.InvariantCulture, $"{reason} Next attempt at {DateTimeOffset.FromUnixTimeMilliseconds(next):HH:mm:ss} UTC.")
            : reason,
        { Status: JobStatus.Pending } => "Waiting in the queue.",
        { Status: JobStatus.Cancelled } => "The job has no image.",
        _ => Error(job),
    };

    /// <summary>Why a pending job was not done at its last attempt, and from when on it is tried again; null of any other job.</summary>
    public static object? WaitingFor(GenerationJob job) => job is { Status: JobStatus.Pending, ErrorCode: not null }
        ? new { Reason = job.Error, Code = job.ErrorCode, NextAttemptAt = job.NextAttemptAt, job.Attempts }
        : null;
}
