namespace McpImageGen.AppHost.Dashboard;

/// <summary>Where the dashboard leads to.</summary>
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

    /// <summary>The address of a service without pages leads to what it says of itself.</summary>
    public static IResourceBuilder<ProjectResource> WithHealthLink(this IResourceBuilder<ProjectResource> service) =>
        service.WithUrlForEndpoint("http", url =>
        {
            url.Url = "/health";
            url.DisplayText = "Health";
        });
}
