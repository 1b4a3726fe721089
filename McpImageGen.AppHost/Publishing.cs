namespace McpImageGen.AppHost;

internal static class Publishing
{
    /// <summary>In a container the port that .NET's images listen on; as a process whichever is free.</summary>
    public static int? ContainerPort(this IDistributedApplicationBuilder builder) => builder.ExecutionContext.IsPublishMode ? 8080 : null;

    /// <summary>
    /// A proxy or an ingress is before what is published. It calls from a private network, and is believed what it says about the clients'
    /// scheme, host and address; whoever calls from the internet itself is not.
    /// </summary>
    public static IResourceBuilder<ProjectResource> WithTrustedProxies(this IResourceBuilder<ProjectResource> api) =>
        api.ApplicationBuilder.ExecutionContext.IsPublishMode ? api.WithEnvironment("Proxy__Trusted", "private") : api;

    /// <summary>For an AppHost that was built without <c>Targets/</c>: it writes the manifest and publishes to nothing.</summary>
    /// <exception cref="DistributedApplicationException">A target is named.</exception>
    public static void RefuseTargets(this IDistributedApplicationBuilder builder)
    {
        if (builder.Configuration["deploy-to"] is { } target)
        {
            throw new DistributedApplicationException(
                $"--deploy-to is '{target}', but this AppHost was built with -p:PublishTargets=false. Build it without that property.");
        }
    }
}
