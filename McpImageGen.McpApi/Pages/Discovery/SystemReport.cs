using McpImageGen.Jobs.Queries;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace McpImageGen.McpApi.Pages.Discovery;

/// <summary>The status of the system.</summary>
/// <param name="Parts">The status of each component, by its name in <c>/health</c>.</param>
/// <param name="Figures">Figures about jobs; null if the database did not return them.</param>
internal sealed record SystemReport(IReadOnlyDictionary<string, HealthStatus> Parts, JobStatisticsReport? Figures);
