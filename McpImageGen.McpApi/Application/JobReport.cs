using System.Globalization;
using McpImageGen.Contracts;
using McpImageGen.Jobs;
using McpImageGen.Jobs.Scheduling;

namespace McpImageGen.McpApi.Application;

/// <summary>Texts and fields about a job that are derived from its row.</summary>
internal static class JobReport
{
    /// <summary>The error of a failed job; null for any other job, including one that will be retried.</summary>
    public static string? Error(GenerationJob job) => job.Status == JobStatus.Failed ? job.Error : null;

    /// <summary>The number of jobs that ended without an image, for example <c>2 failed, 1 cancelled</c>.</summary>
    /// <param name="jobs">Jobs that failed or were cancelled.</param>
    /// <param name="noun">The text between each number and status.</param>
    public static string FailuresAmong(IEnumerable<GenerationJob> jobs, string noun = "") =>
        string.Join(", ", jobs.CountBy(job => job.Status).OrderByDescending(count => count.Key).Select(count => $"{count.Value} {noun}{count.Key}"));

    /// <summary>A sentence for people: what is happening to the job, or why it has no image.</summary>
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

    /// <summary>Why the job was last taken from a worker, for people; null if it never was.</summary>
    public static string? ReclaimReasonOf(GenerationJob job) => job.ReclaimReason switch
    {
        ReclaimReason.LeaseExpired => "its worker exceeded its lease",
        ReclaimReason.WorkerSilent => "its worker stopped, or sent no heartbeat",
        var other => other,
    };
}
