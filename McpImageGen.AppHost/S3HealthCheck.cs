using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace McpImageGen.AppHost;

/// <summary>Healthy if the image store responds. To an anonymous request, S3 servers respond with 200 or 403.</summary>
internal sealed class S3HealthCheck(Func<string?> address) : IHealthCheck
{
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(5) };

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken)
    {
        if (address() is not { } url)
            return HealthCheckResult.Unhealthy("The container has no address yet.");
        try
        {
            using var answer = await Http.GetAsync(url, cancellationToken);
            return (int)answer.StatusCode < 500 ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy($"The store responded with HTTP status {(int)answer.StatusCode}.");
        }
        catch (HttpRequestException exception)
        {
            return HealthCheckResult.Unhealthy(exception.GetBaseException().Message);
        }
    }
}

internal static class S3HealthCheckSetup
{
    public static IResourceBuilder<ContainerResource> WithS3HealthCheck(this IResourceBuilder<ContainerResource> store)
    {
        const string name = "s3";
        var endpoint = store.GetEndpoint("s3");
        store.ApplicationBuilder.Services.AddHealthChecks().AddS3(name, () => endpoint.IsAllocated ? endpoint.Url : null);
        return store.WithHealthCheck(name);
    }

    public static void AddS3(this IHealthChecksBuilder checks, string name, Func<string?> address) =>
        checks.Add(new(name, _ => new S3HealthCheck(address), HealthStatus.Unhealthy, tags: null));
}
