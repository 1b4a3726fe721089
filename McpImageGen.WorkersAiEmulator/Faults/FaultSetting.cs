namespace McpImageGen.WorkersAiEmulator.Faults;

/// <summary>The body of <c>PUT /emulator/faults</c>.</summary>
/// <param name="Kind">A fault's name.</param>
/// <param name="Count">How many of the next requests fail; 1 or more. Set either this or <paramref name="Rate"/>.</param>
/// <param name="Rate">The share of requests that fail, 0 to 1.</param>
/// <param name="RetryAfter">The Retry-After header of responses with status 429 and 503, for example <c>5s</c>.</param>
internal sealed record FaultSetting(string? Kind, int? Count, double? Rate, string? RetryAfter);
