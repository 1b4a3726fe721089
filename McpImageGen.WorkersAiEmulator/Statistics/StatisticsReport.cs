namespace McpImageGen.WorkersAiEmulator.Statistics;

/// <summary>The response of <c>GET /emulator/statistics</c>.</summary>
/// <param name="Requests">All <c>ai/run</c> requests, including rejected ones.</param>
/// <param name="Generations">Requests that returned an image.</param>
/// <param name="Abandoned">Requests whose client disconnected before the response.</param>
/// <param name="InProgress">Requests without a response yet.</param>
/// <param name="ConcurrentPeak">The maximum number of concurrent requests.</param>
/// <param name="Failures">The number of failures by fault name, or by status/code if the request itself was invalid.</param>
/// <param name="GenerationsByModel">The number of images by Cloudflare's model name.</param>
/// <param name="GenerationsByPrompt">
/// The number of images by exact prompt; more than a test expects means that an image was charged twice.
/// </param>
internal sealed record StatisticsReport(
    int Requests, int Generations, int Abandoned, int InProgress, int ConcurrentPeak,
    Dictionary<string, int> Failures, Dictionary<string, int> GenerationsByModel, Dictionary<string, int> GenerationsByPrompt);
