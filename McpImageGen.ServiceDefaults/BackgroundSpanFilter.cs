using System.Diagnostics;
using OpenTelemetry;

namespace McpImageGen.ServiceDefaults;

/// <summary>
/// Drops the spans of a service's periodic queries to its database, broker and Redis: they belong to no call, and each would be a separate
/// trace. Queries that belong to a call or a message have a parent span and are kept.
/// </summary>
internal sealed class BackgroundSpanFilter : BaseProcessor<Activity>
{
    private const string HttpClient = "System.Net.Http";

    public override void OnStart(Activity data)
    {
        // An HTTP request may be the call itself: Standalone with --stdio is also a client, and its server follows the sampling decision made here.
        if (data.Kind != ActivityKind.Client || data.ParentSpanId != default || data.Source.Name == HttpClient)
            return;
        // Child spans are dropped as well.
        data.IsAllDataRequested = false;
        data.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
    }
}
