using Aspire.Hosting.Kubernetes;
using Aspire.Hosting.Kubernetes.Resources;

namespace McpImageGen.AppHost.Targets;

internal static class Kubernetes
{
    private const int ApiReplicas = 2;

    /// <summary>The label that Aspire gives to each pod, with the resource's name.</summary>
    private const string Component = "app.kubernetes.io/component";

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

        var services = new[] { api.Resource.Name, worker.Resource.Name };
        api.WithReplicas(ApiReplicas).PublishAsKubernetesService(service => PodOf(service).WithValidProbes().WithLeastRights());
        worker.PublishAsKubernetesService(service =>
        {
            PodOf(service).WithValidProbes().WithLeastRights().TerminationGracePeriodSeconds = Deployment.WorkerGraceSeconds;
            service.AllowOnly([]);
        });
        foreach (var server in builder.Resources.OfType<ContainerResource>().ToList())
            builder.CreateResourceBuilder(server).PublishAsKubernetesService(service => service.AllowOnly(services));
        foreach (var redis in builder.Resources.OfType<RedisResource>().ToList())
            builder.CreateResourceBuilder(redis).PublishAsKubernetesService(service => PodOf(service).AsUser(Deployment.RedisUser));
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

    /// <summary>No root, no capabilities, no access to Kubernetes, and no writable folder but /tmp, with limits.</summary>
    private static PodSpecV1 WithLeastRights(this PodSpecV1 pod)
    {
        const string temporary = "tmp";
        pod.AsUser(Deployment.ServiceUser).Volumes.Add(new() { Name = temporary, EmptyDir = new() { SizeLimit = $"{Deployment.TemporaryMiB}Mi" } });
        foreach (var container in pod.Containers)
        {
            container.SecurityContext!.ReadOnlyRootFilesystem = true;
            container.VolumeMounts.Add(new() { Name = temporary, MountPath = "/tmp" });
            container.Resources = new()
            {
                Limits = { ["cpu"] = Deployment.ProcessorLimit, ["memory"] = $"{Deployment.MemoryLimitMiB}Mi" },
                Requests = { ["cpu"] = "100m", ["memory"] = "256Mi" },
            };
        }

        return pod;
    }

    private static PodSpecV1 AsUser(this PodSpecV1 pod, int user)
    {
        pod.AutomountServiceAccountToken = false;
        pod.SecurityContext = new() { RunAsNonRoot = true, RunAsUser = user, SeccompProfile = new() { Type = "RuntimeDefault" } };
        foreach (var container in pod.Containers)
            container.SecurityContext = new() { AllowPrivilegeEscalation = false, Capabilities = new() { Drop = { "ALL" } } };
        return pod;
    }

    /// <summary>Denies connections to the pods from all other pods than those of these resources.</summary>
    private static void AllowOnly(this KubernetesResource service, IReadOnlyCollection<string> clients)
    {
        var labels = service.Workload!.PodTemplate.Metadata.Labels;
        var policy = new NetworkPolicy { Metadata = { Name = $"{labels[Component]}-network-policy" } };
        policy.Spec.PodSelector = new(new(labels));
        if (clients.Count > 0)
        {
            policy.Spec.Ingress.Add(new()
            {
                From = [.. clients.Select(client => new NetworkPolicyPeer { PodSelector = new(new(labels) { [Component] = client }) })],
            });
        }

        service.AdditionalResources.Add(policy);
    }

    /// <summary>A new pod cannot mount the volume before the old pod has released it.</summary>
    private static void OneAtATime(KubernetesResource service)
    {
        if (service.Workload is Aspire.Hosting.Kubernetes.Resources.Deployment deployment)
            deployment.Spec.Strategy.RollingUpdate.MaxSurge = 0;
    }
}
