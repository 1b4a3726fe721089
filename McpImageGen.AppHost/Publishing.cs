namespace McpImageGen.AppHost;

internal static class Publishing
{
    /// <summary>In a container the port that .NET's images listen on; as a process whichever is free.</summary>
    public static int? ContainerPort(this IDistributedApplicationBuilder builder) => builder.ExecutionContext.IsPublishMode ? 8080 : null;

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
