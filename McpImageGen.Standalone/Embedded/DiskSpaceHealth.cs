using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace McpImageGen.Standalone.Embedded;

/// <summary>Degraded when a disk that the data folder uses is nearly full, unhealthy when jobs and images cannot be stored any more.</summary>
internal sealed class DiskSpaceHealth(DataFolder data) : IHealthCheck
{
    private const long MegaByte = 1_000_000;

    /// <summary>With less the server is degraded.</summary>
    private const long Low = 100 * MegaByte;

    /// <summary>With less the server is unhealthy: an image may have some megabytes.</summary>
    private const long None = 10 * MegaByte;

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken)
    {
        // The images may lie on another disk.
        var free = Math.Min(FreeAt(data.Path), FreeAt(data.ImagesFolder));
        var message = $"The disk of the data folder {data.Path} has {free / MegaByte} MB left.";
        return Task.FromResult(
            free < None ? new HealthCheckResult(context.Registration.FailureStatus, message)
            : free < Low ? HealthCheckResult.Degraded(message)
            : HealthCheckResult.Healthy());
    }

    private static long FreeAt(string folder) => new DriveInfo(folder).AvailableFreeSpace;
}
