using System.Diagnostics;
using McpImageGen.Contracts;

namespace McpImageGen.Jobs;

/// <summary>The spans of a job, and the trace context stored in its row. Spans contain no prompt, owner or image key.</summary>
public static class JobTraces
{
    /// <summary>The source of the spans, in both API and worker.</summary>
    public const string SourceName = "McpImageGen.Jobs";

    private static readonly ActivitySource Source = new(SourceName);

    /// <summary>The trace context of the current call, to be stored in a row; null if the call is not recorded.</summary>
    /// <remarks>Only in W3C format: in the older format the id starts with text sent by the client.</remarks>
    public static string? Current =>
        Activity.Current is { Recorded: true, IdFormat: ActivityIdFormat.W3C, Id: { } id } ? id : null;

    /// <summary>Starts a span for the job; null if there is no listener.</summary>
    public static Activity? Start(string name, Guid jobId, ActivityKind kind = ActivityKind.Internal) =>
        Source.StartActivity(name, kind)?.SetTag("mcpimagegen.job.id", jobId);

    /// <summary>Continues the trace of the call that submitted the job; null if that call is still active, or unknown.</summary>
    internal static Activity? Continue(string name, GenerateImage command) =>
        command.TraceParent != Activity.Current?.Id && ActivityContext.TryParse(command.TraceParent, null, isRemote: true, out var call)
            ? Source.StartActivity(name, ActivityKind.Internal, call)?.SetTag("mcpimagegen.job.id", command.JobId)
            : null;
}
