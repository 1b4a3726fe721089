using McpImageGen.Contracts;
using McpImageGen.Contracts.Models;
using McpImageGen.Jobs.Database;
using Microsoft.EntityFrameworkCore;

namespace McpImageGen.Jobs.Queries;

/// <summary>
/// Determines which models are temporarily unavailable from the results of the latest jobs of all owners, since they share one account.
/// The provider is not queried, so a model without jobs in the last hour counts as usable.
/// </summary>
public sealed class ModelAvailability(IDbContextFactory<JobsDbContext> contexts, TimeProvider time)
{
    private static readonly TimeSpan Recent = TimeSpan.FromHours(1);
    private const int MaxJobsRead = 200;

    /// <summary>Reasons why a job fails or waits that also apply to the next job.</summary>
    private static readonly string[] Lasting = [ErrorCode.QuotaUsedUp, ErrorCode.CredentialsRejected, ErrorCode.ModelUnavailable];

    /// <summary>The reasons that apply to all models.</summary>
    private static readonly string[] AccountWide = [ErrorCode.QuotaUsedUp, ErrorCode.CredentialsRejected];

    /// <summary>The unavailable models, by their public names.</summary>
    public async Task<IReadOnlyDictionary<string, ModelOutage>> ReadAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var since = (now - Recent).ToUnixTimeMilliseconds();
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var outcomes = await context.Jobs
            .Where(job => job.FinishedAt != null && job.FinishedAt > since)
            .OrderByDescending(job => job.FinishedAt)
            .Take(MaxJobsRead)
            .Select(job => new Outcome(job.Model, job.ErrorCode, job.Error, job.UpdatedAt, null))
            .ToListAsync(cancellationToken);
        outcomes.AddRange(await context.Jobs
            .Where(job => job.FinishedAt == null && job.ErrorCode == ErrorCode.QuotaUsedUp && job.NextAttemptAt > now.ToUnixTimeMilliseconds())
            .OrderByDescending(job => job.UpdatedAt)
            .Take(1)
            .Select(job => new Outcome(job.Model, job.ErrorCode, job.Error, job.UpdatedAt, job.NextAttemptAt))
            .ToListAsync(cancellationToken));
        return (from model in ImageModel.All
                let last = outcomes.Where(outcome => outcome.Model == model.Name || AccountWide.Contains(outcome.Code)).MaxBy(outcome => outcome.At)
                where last is not null && Lasting.Contains(last.Code)
                select (model.Name, Outage: new ModelOutage(last.Code!, last.Reason!, last.Until)))
            .ToDictionary(entry => entry.Name, entry => entry.Outage);
    }

    private sealed record Outcome(string Model, string? Code, string? Reason, long At, long? Until);
}

/// <summary>Why a model is temporarily unavailable.</summary>
/// <param name="Code">A stable code.</param>
/// <param name="Reason">The message for the code.</param>
/// <param name="Until">When it can be used again, Unix milliseconds; null if unknown.</param>
public sealed record ModelOutage(string Code, string Reason, long? Until);
