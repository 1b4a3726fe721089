using McpImageGen.Contracts;
using McpImageGen.Jobs;
using ModelContextProtocol;

namespace McpImageGen.McpApi.Tools;

/// <summary>Tells a client that waits how far its jobs are. Only a client that sent a progress token hears it.</summary>
/// <param name="client">The client's end.</param>
/// <param name="limit">How long it waits at most.</param>
internal sealed class WaitProgress(IProgress<ProgressNotificationValue> client, TimeSpan limit, TimeProvider time)
    : IProgress<IReadOnlyList<GenerationJob>>
{
    private readonly long _began = time.GetTimestamp();

    public void Report(IReadOnlyList<GenerationJob> jobs)
    {
        var done = jobs.Count(job => JobStatus.IsFinal(job.Status));
        client.Report(new ProgressNotificationValue
        {
            // The protocol wants it to grow with every notification, also when no job has finished since the last one.
            Progress = (float)(done == jobs.Count ? done : done + (0.99 * Math.Min(1, time.GetElapsedTime(_began) / limit))),
            Total = jobs.Count,
            Message = MessageOf(jobs, done),
        });
    }

    /// <summary>For instance <c>3 of 20 finished, 1 failed, 2 waiting: Workers AI is busy.</c></summary>
    private static string MessageOf(IReadOnlyList<GenerationJob> jobs, int done)
    {
        var failures = JobReport.FailuresAmong(jobs.Where(job => job.Status is JobStatus.Failed or JobStatus.Cancelled));
        List<GenerationJob> waiting = [.. jobs.Where(job => job is { Status: JobStatus.Pending, ErrorCode: not null })];
        return $"{done} of {jobs.Count} finished"
            + (failures.Length > 0 ? $", {failures}" : "")
            + (waiting.Count > 0 ? $", {waiting.Count} waiting: {waiting[0].Error}" : "");
    }
}
