using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace McpImageGen.Jobs.Database;

/// <summary>Healthy if the jobs can be read and written.</summary>
internal sealed class DatabaseHealth(IDbContextFactory<JobsDbContext> contexts, JobsDatabase database) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken)
    {
        await using var jobs = await contexts.CreateDbContextAsync(cancellationToken);
        await jobs.Workers.AnyAsync(cancellationToken);
        return await database.WhyReadOnlyAsync(jobs, cancellationToken) is { } reason
            ? new HealthCheckResult(context.Registration.FailureStatus, reason)
            : HealthCheckResult.Healthy();
    }
}
