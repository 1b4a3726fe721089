namespace McpImageGen.AppHost.Dashboard;

/// <summary>The links in the dashboard.</summary>
internal static class Links
{
    public static IResourceBuilder<ProjectResource> WithLinks(this IResourceBuilder<ProjectResource> api) =>
        api.WithUrlForEndpoint("http", url =>
            {
                url.Url = McpEndpoint.Path;
                url.DisplayText = "MCP endpoint";
            })
            .WithUrlForEndpoint("http", _ => new() { Url = "/gallery", DisplayText = "Gallery" })
            .WithUrlForEndpoint("http", _ => new() { Url = "/", DisplayText = "Start page" });

    /// <summary>For a service without pages, links to its health endpoint.</summary>
    public static IResourceBuilder<ProjectResource> WithHealthLink(this IResourceBuilder<ProjectResource> service) =>
        service.WithUrlForEndpoint("http", url =>
        {
            url.Url = "/health";
            url.DisplayText = "Health";
        });
}
