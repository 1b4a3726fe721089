namespace McpImageGen.AppHost;

internal static class Probes
{
    /// <summary>
    /// <c>/alive</c>: the process answers, which it does from when it has found its database: hence the patience of 100 s.
    /// <c>/health</c>: so do the servers that it needs. The dashboard shows both; Container Apps and Kubernetes restart and route by them.
    /// </summary>
    public static IResourceBuilder<ProjectResource> WithProbes(this IResourceBuilder<ProjectResource> service) =>
        service
            .WithHttpProbe(ProbeType.Liveness, "/alive", periodSeconds: 10, timeoutSeconds: 5, failureThreshold: 10)
            .WithHttpProbe(ProbeType.Readiness, "/health", periodSeconds: 10, timeoutSeconds: 5);
}
