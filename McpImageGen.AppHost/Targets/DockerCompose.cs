using System.Globalization;
using Aspire.Hosting.Docker.Resources;
using Aspire.Hosting.Docker.Resources.ComposeNodes;
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

        api.PublishAsDockerComposeService((_, service) =>
        {
            service.Image = "${MCP_API_IMAGE:-mcp-api:latest}";
            service.Deploy = new Deploy { Resources = Limits() };
            WithLeastRights(service);
        });
        worker.PublishAsDockerComposeService((_, service) =>
        {
            service.Image = "${GENERATION_WORKER_IMAGE:-generation-worker:latest}";
            service.Environment["Worker__Concurrency"] = $"${{WORKER_CONCURRENCY:-{builder.WorkerConcurrency()}}}";
            service.Deploy = new Deploy { Replicas = worker.Resource.GetReplicaCount(), Resources = Limits() };
            service.StopGracePeriod = $"{Deployment.WorkerGraceSeconds}s";
            WithLeastRights(service);
        });
        foreach (var redis in builder.Resources.OfType<RedisResource>().ToList())
            builder.CreateResourceBuilder(redis).PublishAsDockerComposeService((_, service) => service.User = Deployment.RedisUser.ToString(CultureInfo.InvariantCulture));
    }

    private static Resources Limits() => new() { Limits = new() { Cpus = Deployment.ProcessorLimit, Memory = $"{Deployment.MemoryLimitMiB}M" } };

    /// <summary>The images' own user is not root.</summary>
    private static void WithLeastRights(Service service)
    {
        service.ReadOnly = true;
        service.Tmpfs.Add($"/tmp:size={Deployment.TemporaryMiB}m,mode=1777");
        service.CapDrop.Add("ALL");
        service.SecurityOpt.Add("no-new-privileges:true");
    }

    private static void RestartAfterFailures(ComposeFile file)
    {
        foreach (var service in file.Services.Values)
            service.Restart = "unless-stopped";
    }
}
