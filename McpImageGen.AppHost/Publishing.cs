namespace McpImageGen.AppHost;

internal static class Publishing
{
    /// <summary>In a container, the port that .NET's images listen on; null (any free port) for a process.</summary>
    public static int? ContainerPort(this IDistributedApplicationBuilder builder) => builder.ExecutionContext.IsPublishMode ? 8080 : null;

    /// <summary>
    /// A published API is behind a reverse proxy or an ingress in a private network. Its headers about the client's scheme, host and address
    /// are trusted; the same headers from callers on the internet are not.
    /// </summary>
    public static IResourceBuilder<ProjectResource> WithTrustedProxies(this IResourceBuilder<ProjectResource> api) =>
        api.ApplicationBuilder.ExecutionContext.IsPublishMode ? api.WithEnvironment("Proxy__Trusted", "private") : api;

    /// <summary>For an AppHost that was built without <c>Targets/</c>: it can write the manifest but has no deployment targets.</summary>
    /// <exception cref="DistributedApplicationException">A target is specified.</exception>
    public static void RefuseTargets(this IDistributedApplicationBuilder builder)
    {
        if (builder.Configuration["deploy-to"] is { } target)
        {
            throw new DistributedApplicationException(
                $"--deploy-to is '{target}', but this AppHost was built with -p:PublishTargets=false. Build it without that property.");
        }
    }
}
