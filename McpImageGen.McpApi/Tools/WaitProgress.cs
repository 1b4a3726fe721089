using McpImageGen.Contracts;
using McpImageGen.Jobs;
using McpImageGen.McpApi.Application;
using ModelContextProtocol;

namespace McpImageGen.McpApi.Tools;

/// <summary>Sends progress notifications to a waiting client. Only a client that sent a progress token receives them.</summary>
/// <param name="client">Where notifications to the client are reported.</param>
/// <param name="limit">The time limit of the wait.</param>
internal sealed class WaitProgress(IProgress<ProgressNotificationValue> client, TimeSpan limit, TimeProvider time)
    : IProgress<IReadOnlyList<GenerationJob>>
{
    private readonly long _began = time.GetTimestamp();

    public void Report(IReadOnlyList<GenerationJob> jobs)
    {
        var done = jobs.Count(job => JobStatus.IsFinal(job.Status));
        client.Report(new ProgressNotificationValue
        {
            // The protocol requires it to increase with every notification, even if no job has finished since the last one.
            Progress = (float)(done == jobs.Count ? done : done + (0.99 * Math.Min(1, time.GetElapsedTime(_began) / limit))),
            Total = jobs.Count,
            Message = MessageOf(jobs, done),
        });
    }

    /// <summary>For example <c>3 of 20 finished, 1 failed, 2 waiting: Workers AI is busy.</c></summary>
    private static string MessageOf(IReadOnlyList<GenerationJob> jobs, int done)
    {
        var failures = JobReport.FailuresAmong(jobs.Where(job => job.Status is JobStatus.Failed or JobStatus.Cancelled));
        List<GenerationJob> waiting = [.. jobs.Where(job => job is { Status: JobStatus.Pending, ErrorCode: not null })];
        return $"{done} of {jobs.Count} finished"
            + (failures.Length > 0 ? $", {failures}" : "")
            + (waiting.Count > 0 ? $", {waiting.Count} waiting: {waiting[0].Error}" : "");
    }
}
