using McpImageGen.Jobs.Images;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace McpImageGen.Jobs.Cleanup;

/// <summary>
/// Unhealthy when the image store is unavailable or accepts no images; degraded when the sweep leaves the store alone, because the
/// database may be the wrong one.
/// </summary>
internal sealed class ImageStoreHealth(IImageStore images, StoreWriteStatus writes, ImageSweep sweep) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken)
    {
        try
        {
            await images.CheckAsync(cancellationToken);
        }
        catch (IOException exception)
        {
            return new HealthCheckResult(context.Registration.FailureStatus, exception.Message);
        }

        return await writes.FindFailureAsync(cancellationToken) is { } failure
            ? new HealthCheckResult(context.Registration.FailureStatus, failure.Message)
            : sweep.Refusal is { } refusal
                ? HealthCheckResult.Degraded(refusal)
                : HealthCheckResult.Healthy();
    }
}
