namespace McpImageGen.WorkersAiEmulator;

/// <summary>The settings <c>Emulator__…</c>.</summary>
public sealed class EmulatorOptions
{
    public const string Section = "Emulator";

    /// <summary>The accepted bearer token, at least one character. Default: <c>emulator</c>.</summary>
    public string ApiToken { get; set; } = "emulator";

    /// <summary>
    /// The total duration of a successful request, including drawing: 0 to 10 minutes, as <c>hh:mm:ss</c>. Default: one second.
    /// Failures are returned immediately. A prompt that contains <c>[latency:250ms]</c> overrides it.
    /// </summary>
    public TimeSpan Latency { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// True: models refuse fields that their published schema does not list, such as <c>seed</c> of flux-1-schnell.
    /// Default: false, they accept the fields that Cloudflare's examples send.
    /// </summary>
    public bool StrictSchema { get; set; }

    /// <summary>The initial faults. Default: none.</summary>
    public FaultOptions Faults { get; set; } = new();
}
