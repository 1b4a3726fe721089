using System.Diagnostics;
using OpenTelemetry;

namespace McpImageGen.ServiceDefaults;

/// <summary>
/// Removes paths from the spans of HTTP requests before they are exported: anyone who knows an image's path can fetch the image,
/// and Cloudflare's paths contain the account id. The host, the method and the route are kept.
/// </summary>
internal sealed class UrlPathRedaction : BaseProcessor<Activity>
{
    public override void OnEnd(Activity data)
    {
        if (data.GetTagItem("url.full") is string address && Uri.TryCreate(address, UriKind.Absolute, out var uri))
            data.SetTag("url.full", uri.GetLeftPart(UriPartial.Authority));
        if (data.GetTagItem("url.path") is not null)
            data.SetTag("url.path", data.GetTagItem("http.route"));
        data.SetTag("mcp.resource.uri", null);

        // The MCP SDK describes an error with the whole answer, which quotes what the client sent.
        if (data.Source.Name == ServiceDefaultsSetup.Mcp && data.StatusDescription is not null)
            data.SetStatus(data.Status);
    }
}
