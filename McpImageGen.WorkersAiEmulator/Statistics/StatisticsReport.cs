namespace McpImageGen.WorkersAiEmulator.Statistics;

/// <summary>The answer of <c>GET /emulator/statistics</c>.</summary>
/// <param name="Requests">All <c>ai/run</c> requests, refused ones too.</param>
/// <param name="Generations">Requests that were answered with a picture.</param>
/// <param name="Abandoned">Requests whose client left before its answer.</param>
/// <param name="InProgress">Requests not answered yet.</param>
/// <param name="ConcurrentPeak">The most requests that were in progress at once.</param>
/// <param name="Failures">By a fault's name, or by status/code where the request itself was wrong.</param>
/// <param name="GenerationsByModel">By Cloudflare's name of the model.</param>
/// <param name="GenerationsByPrompt">By the exact prompt; more than one where a test expects one means paid twice.</param>
internal sealed record StatisticsReport(
    int Requests, int Generations, int Abandoned, int InProgress, int ConcurrentPeak,
    Dictionary<string, int> Failures, Dictionary<string, int> GenerationsByModel, Dictionary<string, int> GenerationsByPrompt);
