using Aspire.Hosting.Docker.Resources;
using Aspire.Hosting.Docker.Resources.ServiceNodes.Swarm;

namespace McpImageGen.AppHost.Targets;

internal static class DockerCompose
{
    /// <summary>
    /// A single machine: one API, which publishes the port, and the configured number of workers. The secrets are in <c>.env</c>.
    /// </summary>
    public static void DeployToDockerCompose(
        this IDistributedApplicationBuilder builder, IResourceBuilder<ProjectResource> api, IResourceBuilder<ProjectResource> worker)
    {
        builder.AddDockerComposeEnvironment("compose").WithDashboard(enabled: false).ConfigureComposeFile(RestartAfterFailures);

        api.PublishAsDockerComposeService((_, service) => service.Image = "${MCP_API_IMAGE:-mcp-api:latest}");
        worker.PublishAsDockerComposeService((_, service) =>
        {
            service.Image = "${GENERATION_WORKER_IMAGE:-generation-worker:latest}";
            service.Environment["Worker__Concurrency"] = $"${{WORKER_CONCURRENCY:-{builder.WorkerConcurrency()}}}";
            service.Deploy = new Deploy { Replicas = worker.Resource.GetReplicaCount() };
            service.StopGracePeriod = $"{Deployment.WorkerGraceSeconds}s";
        });
    }

    private static void RestartAfterFailures(ComposeFile file)
    {
        foreach (var service in file.Services.Values)
            service.Restart = "unless-stopped";
    }
}
