using System.Diagnostics;
using McpImageGen.Contracts;

namespace McpImageGen.Jobs;

/// <summary>The spans of a job's way, and the trace that its row keeps. No span tells a prompt, an owner or an image's key.</summary>
public static class JobTraces
{
    /// <summary>The source of the spans, in API and worker alike.</summary>
    public const string SourceName = "McpImageGen.Jobs";

    private static readonly ActivitySource Source = new(SourceName);

    /// <summary>What a row keeps of the call under way; null when nobody records it.</summary>
    /// <remarks>Only in W3C's form: in the older one an id begins with whatever a client has sent.</remarks>
    public static string? Current =>
        Activity.Current is { Recorded: true, IdFormat: ActivityIdFormat.W3C, Id: { } id } ? id : null;

    /// <summary>Starts a span of the job's way; null when nobody listens.</summary>
    public static Activity? Start(string name, Guid jobId, ActivityKind kind = ActivityKind.Internal) =>
        Source.StartActivity(name, kind)?.SetTag("mcpimagegen.job.id", jobId);

    /// <summary>Leads back to the call that submitted the job; null when that is still under way, or not known.</summary>
    internal static Activity? Continue(string name, GenerateImage command) =>
        command.TraceParent != Activity.Current?.Id && ActivityContext.TryParse(command.TraceParent, null, isRemote: true, out var call)
            ? Source.StartActivity(name, ActivityKind.Internal, call)?.SetTag("mcpimagegen.job.id", command.JobId)
            : null;
}
