namespace McpImageGen.Jobs.Database;

/// <summary>A worker process that is, or was, running. Times are Unix milliseconds by the database's clock.</summary>
public sealed class WorkerRow
{
    /// <summary>Unique to each process.</summary>
    public required Guid Id { get; init; }

    public required long Started { get; init; }

    /// <summary>How many generations it runs concurrently.</summary>
    public required int Concurrency { get; init; }

    /// <summary>Where its images come from, as public text; null if the worker does not report it.</summary>
    public string? ImageSource { get; init; }

    /// <summary>The time of the worker's last heartbeat.</summary>
    public required long Seen { get; set; }
}

/// <summary>Identifies this database, also among copies and older versions of it. The table has at most one row.</summary>
public sealed class DatabaseIdentityRow
{
    /// <summary>The key of the only row.</summary>
    public const int OnlyKey = 1;

    public required int Key { get; init; }

    /// <summary>32 hexadecimal digits, generated once.</summary>
    public required string Id { get; init; }

    /// <summary>The stamps that were written into the image store's marker lately, newest first, separated by spaces.</summary>
    public required string Stamps { get; init; }
}

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

/// <summary>A browser that is signed in to the gallery. Without its row, a copy of its cookie is worth nothing.</summary>
public sealed class SignInRow
{
    /// <summary>A random id, which is also in the cookie.</summary>
    public required Guid Id { get; init; }

    public required string Owner { get; init; }

    /// <summary>Unix milliseconds by the database's clock.</summary>
    public required long ExpiresAt { get; init; }
}
