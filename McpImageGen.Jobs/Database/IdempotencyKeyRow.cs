namespace McpImageGen.Jobs.Database;

/// <summary>A call that can be repeated: within 24 h the same owner's same key leads to the same jobs.</summary>
public sealed class IdempotencyKeyRow
{
    public required string Owner { get; init; }

    /// <summary>The client's own text, 1 to 200 characters.</summary>
    public required string Key { get; init; }

    /// <summary>A hash of the call's arguments, so that another call with the same key is noticed. Null in rows of older versions.</summary>
    public string? Fingerprint { get; set; }

    /// <summary>The jobs of the call, in the order of its answer.</summary>
    public required Guid[] JobIds { get; set; }

    /// <summary>Unix milliseconds by the database's clock.</summary>
    public required long CreatedAt { get; set; }
}
