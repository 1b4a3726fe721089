using McpImageGen.WorkersAiEmulator.Answers;

namespace McpImageGen.WorkersAiEmulator.Faults;

/// <summary>A fault that the emulator can simulate, with its name.</summary>
internal sealed record Fault(string Name, FaultKind Kind, int Status = 200, AiError? Error = null);

/// <summary>The fault for one request.</summary>
internal sealed record FaultCase(Fault Fault, TimeSpan? RetryAfter);

/// <summary>The body of <c>PUT /emulator/faults</c>.</summary>
/// <param name="Kind">A fault's name.</param>
/// <param name="Count">How many of the next requests fail; 1 or more. Set either this or <paramref name="Rate"/>.</param>
/// <param name="Rate">The share of requests that fail, 0 to 1.</param>
/// <param name="RetryAfter">The Retry-After header of responses with status 429 and 503, for example <c>5s</c>.</param>
internal sealed record FaultSetting(string? Kind, int? Count, double? Rate, string? RetryAfter);

/// <summary>How a response fails.</summary>
internal enum FaultKind
{
    /// <summary>Workers AI's error envelope.</summary>
    Error,

    /// <summary>A line of text from Cloudflare's edge, without an envelope.</summary>
    EdgeError,

    /// <summary>The connection is closed before any response.</summary>
    Dropped,

    /// <summary>The connection is closed in the middle of the image.</summary>
    DroppedMidway,

    /// <summary>Half of the image in a complete HTTP response.</summary>
    Truncated,

    /// <summary>Status 200 with an empty body.</summary>
    Empty,

    /// <summary>A valid response format with text in place of the image.</summary>
    NotAnImage,

    /// <summary>A successful JSON response without an image, also from models that return raw images.</summary>
    NoImage,

    /// <summary>No response until the client disconnects or the emulator stops.</summary>
    NoAnswer,
}
