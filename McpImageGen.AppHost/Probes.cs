namespace McpImageGen.AppHost;

internal static class Probes
{
    /// <summary>
    /// Adds probes. <c>/alive</c>: the process responds, which it does only after it has connected to its database, hence the tolerance of
    /// 100 s. <c>/health</c>: the servers that it needs respond as well. The dashboard shows both; Container Apps and Kubernetes use them to
    /// restart the service and to route requests.
    /// </summary>
    public static IResourceBuilder<ProjectResource> WithProbes(this IResourceBuilder<ProjectResource> service) =>
        service
            .WithHttpProbe(ProbeType.Liveness, "/alive", periodSeconds: 10, timeoutSeconds: 5, failureThreshold: 10)
            .WithHttpProbe(ProbeType.Readiness, "/health", periodSeconds: 10, timeoutSeconds: 5);
}
