namespace McpImageGen.WorkersAiEmulator;

/// <summary>The settings <c>Emulator__Faults__…</c>. <c>GET /emulator/faults</c> lists the names of all faults.</summary>
public sealed class FaultOptions
{
    /// <summary>What happens to the next valid requests of any prompt: a fault's name and how often, <c>server-error*3</c>. Default: none.</summary>
    public string? Next { get; set; }

    /// <summary>The name of the fault that a share of the valid requests gets; see <see cref="Rate"/>. Default: none.</summary>
    public string? Kind { get; set; }

    /// <summary>The share of the valid requests that gets <see cref="Kind"/>: 0 (none, the default) to 1 (all).</summary>
    public double Rate { get; set; }

    /// <summary>
    /// The Retry-After header that answers of status 429 and 503 carry: 0 to 1 day, rounded up to seconds. Default: none.
    /// A prompt that holds <c>[retry-after:2s]</c> asks for its own.
    /// </summary>
    public TimeSpan? RetryAfter { get; set; }
}
