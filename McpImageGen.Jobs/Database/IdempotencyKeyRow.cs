namespace McpImageGen.Jobs.Database;

/// <summary>An idempotent call: within 24 h the same key of the same owner returns the same jobs.</summary>
public sealed class IdempotencyKeyRow
{
    public required string Owner { get; init; }

    /// <summary>The key as sent by the client, 1 to 200 characters.</summary>
    public required string Key { get; init; }

    /// <summary>A hash of the call's arguments, which detects another call with the same key. Null in rows of older versions.</summary>
    public string? Fingerprint { get; set; }

    /// <summary>The jobs of the call, in the order of its response.</summary>
    public required Guid[] JobIds { get; set; }

    /// <summary>Unix milliseconds by the database's clock.</summary>
    public required long CreatedAt { get; set; }
}
