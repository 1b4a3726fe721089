using Aspire.Hosting.Kubernetes;
using Aspire.Hosting.Kubernetes.Resources;

namespace McpImageGen.AppHost.Targets;

internal static class Kubernetes
{
    private const int ApiReplicas = 2;

    /// <summary>Publishes a Helm chart.</summary>
    public static void DeployToKubernetes(
        this IDistributedApplicationBuilder builder, IResourceBuilder<ProjectResource> api, IResourceBuilder<ProjectResource> worker)
    {
        builder.AddKubernetesEnvironment("kubernetes")
            .WithDashboard(enabled: false)
            .WithProperties(environment =>
            {
                environment.DefaultStorageType = "pvc";
                environment.DefaultStorageSize = "20Gi";
            });

        api.WithReplicas(ApiReplicas).PublishAsKubernetesService(service => PodOf(service).WithValidProbes());
        worker.PublishAsKubernetesService(service =>
            PodOf(service).WithValidProbes().TerminationGracePeriodSeconds = Deployment.WorkerGraceSeconds);
        foreach (var store in builder.Resources.OfType<ContainerResource>().Where(IsImageStore).ToList())
            builder.CreateResourceBuilder(store).PublishAsKubernetesService(OneAtATime);
    }

    private static bool IsImageStore(ContainerResource container) => container.Name == Servers.ImageStore;

    private static PodSpecV1 PodOf(KubernetesResource service) => service.Workload!.PodTemplate.Spec;

    /// <summary>Kubernetes accepts the scheme in upper case only.</summary>
    private static PodSpecV1 WithValidProbes(this PodSpecV1 pod)
    {
        foreach (var container in pod.Containers)
        {
            ProbeV1?[] probes = [container.LivenessProbe, container.ReadinessProbe];
            foreach (var probe in probes.OfType<ProbeV1>())
                probe.HttpGet!.Scheme = "HTTP";
        }

        return pod;
    }

    /// <summary>A new pod cannot mount the volume before the old pod has released it.</summary>
    private static void OneAtATime(KubernetesResource service)
    {
        if (service.Workload is Aspire.Hosting.Kubernetes.Resources.Deployment deployment)
            deployment.Spec.Strategy.RollingUpdate.MaxSurge = 0;
    }
}
