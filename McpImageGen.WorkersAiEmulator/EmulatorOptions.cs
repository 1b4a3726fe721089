using McpImageGen.WorkersAiEmulator.Faults;
using Microsoft.Extensions.Options;

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

internal sealed class EmulatorOptionsValidation : IValidateOptions<EmulatorOptions>
{
    public static readonly TimeSpan MaxLatency = TimeSpan.FromMinutes(10);
    public static readonly TimeSpan MaxRetryAfter = TimeSpan.FromDays(1);

    public ValidateOptionsResult Validate(string? name, EmulatorOptions options)
    {
        var faults = options.Faults;
        if (string.IsNullOrWhiteSpace(options.ApiToken))
            return Wrong("Emulator__ApiToken must not be empty.");
        if (options.Latency < TimeSpan.Zero || options.Latency > MaxLatency)
            return Wrong($"Emulator__Latency is {options.Latency}; it must be between 00:00:00 and {MaxLatency}.");
        if (faults.Next is not null && FaultCount.Parse(faults.Next) is null)
            return Wrong($"Emulator__Faults__Next is '{faults.Next}'; it must be NAME or NAME*COUNT, where NAME is one of {FaultTable.Names}.");
        if (faults.Kind is not null && FaultTable.Find(faults.Kind) is null)
            return Wrong($"Emulator__Faults__Kind is '{faults.Kind}'; it must be one of {FaultTable.Names}.");
        if (faults.Rate is not (>= 0 and <= 1))
            return Wrong($"Emulator__Faults__Rate is {faults.Rate}; it must be between 0 and 1.");
        if (faults.Rate > 0 && faults.Kind is null)
            return Wrong("Emulator__Faults__Rate requires Emulator__Faults__Kind, the name of the fault.");
        if (faults.RetryAfter < TimeSpan.Zero || faults.RetryAfter > MaxRetryAfter)
            return Wrong($"Emulator__Faults__RetryAfter is {faults.RetryAfter}; it must be between 00:00:00 and {MaxRetryAfter}.");
        return ValidateOptionsResult.Success;
    }

    private static ValidateOptionsResult Wrong(string message) => ValidateOptionsResult.Fail(message);
}

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
