namespace McpImageGen.AppHost.Targets;

/// <summary>The deployment target: <c>--deploy-to azure</c> (the default, as azd needs it), <c>compose</c> or <c>kubernetes</c>.</summary>
internal static class Deployment
{
    /// <summary>Longer than a stopping worker takes to finish or release its jobs.</summary>
    public const int WorkerGraceSeconds = 180;

    /// <summary>The user of .NET's chiseled images.</summary>
    public const int ServiceUser = 1654;

    /// <summary>The user of the Redis image. Aspire replaces the image's entrypoint, which would change to it.</summary>
    public const int RedisUser = 999;

    /// <summary>Processors of one API or worker.</summary>
    public const string ProcessorLimit = "2";

    /// <summary>Memory of one API or worker. .NET limits its heap to three quarters of it.</summary>
    public const int MemoryLimitMiB = 1024;

    /// <summary>The writable folder /tmp of one API or worker; everything else is read-only.</summary>
    public const int TemporaryMiB = 256;

    /// <exception cref="DistributedApplicationException">The target is unknown.</exception>
    public static void DeployTo(
        this IDistributedApplicationBuilder builder, IResourceBuilder<ProjectResource> api, IResourceBuilder<ProjectResource> worker)
    {
        var target = builder.Configuration["deploy-to"] ?? "azure";
        switch (target)
        {
            case "azure":
                builder.DeployToAzure(api, worker);
                break;
            case "compose":
                builder.DeployToDockerCompose(api, worker);
                break;
            case "kubernetes":
                builder.DeployToKubernetes(api, worker);
                break;
            default:
                throw new DistributedApplicationException($"--deploy-to is '{target}'; it must be azure, compose or kubernetes.");
        }
    }
}
