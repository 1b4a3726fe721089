namespace McpImageGen.WorkersAiEmulator.Faults;

/// <summary>The body of <c>PUT /emulator/faults</c>.</summary>
/// <param name="Kind">A fault's name.</param>
/// <param name="Count">It happens to this many requests, the next ones; 1 or more. Either this or <paramref name="Rate"/>.</param>
/// <param name="Rate">It happens to this share of the requests, 0 to 1.</param>
/// <param name="RetryAfter">The Retry-After header of answers with status 429 and 503, <c>5s</c> for example.</param>
internal sealed record FaultSetting(string? Kind, int? Count, double? Rate, string? RetryAfter);
