namespace McpImageGen.WorkersAiEmulator.Faults;

/// <summary>In which way an answer is wrong.</summary>
internal enum FaultKind
{
    /// <summary>Workers AI's error envelope.</summary>
    Error,

    /// <summary>A line of text from Cloudflare's edge, no envelope.</summary>
    EdgeError,

    /// <summary>The connection is cut before any answer.</summary>
    Dropped,

    /// <summary>The connection is cut in the middle of the picture.</summary>
    DroppedMidway,

    /// <summary>Half of the picture in a complete HTTP answer.</summary>
    Truncated,

    /// <summary>200 and nothing.</summary>
    Empty,

    /// <summary>The right form, but what should be an image is text.</summary>
    NotAnImage,

    /// <summary>A JSON success without an image, from the models that give raw images too.</summary>
    NoImage,

    /// <summary>Nothing until the client leaves or the emulator stops.</summary>
    NoAnswer,
}
