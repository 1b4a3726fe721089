namespace McpImageGen.WorkersAiEmulator.Faults;

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
