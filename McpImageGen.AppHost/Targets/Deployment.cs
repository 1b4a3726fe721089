namespace McpImageGen.AppHost.Targets;

/// <summary>The deployment target: <c>--deploy-to azure</c> (the default, as azd needs it), <c>compose</c> or <c>kubernetes</c>.</summary>
internal static class Deployment
{
    /// <summary>Longer than a stopping worker takes to finish or release its jobs.</summary>
    public const int WorkerGraceSeconds = 180;

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
