using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace McpImageGen.Jobs.Images;

/// <summary>Healthy if the bucket exists or could be created.</summary>
internal sealed class S3Health(S3Images images) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken)
    {
        try
        {
            await images.EnsureBucketAsync(cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (IOException exception)
        {
            return new HealthCheckResult(context.Registration.FailureStatus, exception.Message);
        }
    }
}
