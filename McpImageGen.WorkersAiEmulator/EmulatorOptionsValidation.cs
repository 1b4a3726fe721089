using McpImageGen.WorkersAiEmulator.Faults;
using Microsoft.Extensions.Options;

namespace McpImageGen.WorkersAiEmulator;

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
