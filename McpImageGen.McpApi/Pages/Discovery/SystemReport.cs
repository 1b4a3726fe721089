using McpImageGen.Jobs.Lifecycle;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace McpImageGen.McpApi.Pages.Discovery;

/// <summary>How the system is.</summary>
/// <param name="Parts">What it consists of, by the names of <c>/health</c>.</param>
/// <param name="Figures">Null when the database did not tell them.</param>
internal sealed record SystemReport(IReadOnlyDictionary<string, HealthStatus> Parts, JobFigures? Figures);
