using System.Diagnostics;
using OpenTelemetry;

namespace McpImageGen.ServiceDefaults;

/// <summary>
/// Leaves out what a service asks its database, broker and Redis by itself, every second: it belongs to no call, and each would be a trace
/// of its own. What belongs to a call, or to a message, has a span around it.
/// </summary>
internal sealed class WithoutLoops : BaseProcessor<Activity>
{
    private const string HttpClient = "System.Net.Http";

    public override void OnStart(Activity data)
    {
        // A request may be the call itself: Standalone with --stdio is a client, too, and its server obeys what is decided here.
        if (data.Kind != ActivityKind.Client || data.ParentSpanId != default || data.Source.Name == HttpClient)
            return;
        // What happens within it is left out then, too.
        data.IsAllDataRequested = false;
        data.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
    }
}
