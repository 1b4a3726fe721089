namespace McpImageGen.WorkersAiEmulator;

/// <summary>The settings <c>Emulator__…</c>.</summary>
public sealed class EmulatorOptions
{
    public const string Section = "Emulator";

    /// <summary>The one bearer token that is accepted, at least one character. Default: <c>emulator</c>.</summary>
    public string ApiToken { get; set; } = "emulator";

    /// <summary>
    /// How long a successful request takes in all, drawing included: 0 to 10 minutes, as <c>hh:mm:ss</c>. Default: one second.
    /// A failed request is answered at once. A prompt that holds <c>[latency:250ms]</c> takes that long instead.
    /// </summary>
    public TimeSpan Latency { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// True: models refuse fields that their published schema does not list, as flux-1-schnell's does not list <c>seed</c>.
    /// Default: false, they accept those that Cloudflare's examples send.
    /// </summary>
    public bool StrictSchema { get; set; }

    /// <summary>Faults from the start on. Default: none.</summary>
    public FaultOptions Faults { get; set; } = new();
}
