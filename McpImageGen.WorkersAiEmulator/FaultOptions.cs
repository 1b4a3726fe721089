namespace McpImageGen.WorkersAiEmulator;

/// <summary>The settings <c>Emulator__Faults__…</c>. <c>GET /emulator/faults</c> lists the names of all faults.</summary>
public sealed class FaultOptions
{
    /// <summary>
    /// The fault for the next valid requests with any prompt: a fault's name and a count, <c>server-error*3</c>. Default: none.
    /// </summary>
    public string? Next { get; set; }

    /// <summary>The name of the fault for a share of the valid requests; see <see cref="Rate"/>. Default: none.</summary>
    public string? Kind { get; set; }

    /// <summary>The share of the valid requests that fail with <see cref="Kind"/>: 0 (none, the default) to 1 (all).</summary>
    public double Rate { get; set; }

    /// <summary>
    /// The Retry-After header of responses with status 429 and 503: 0 to 1 day, rounded up to seconds. Default: none.
    /// A prompt that contains <c>[retry-after:2s]</c> overrides it.
    /// </summary>
    public TimeSpan? RetryAfter { get; set; }
}
