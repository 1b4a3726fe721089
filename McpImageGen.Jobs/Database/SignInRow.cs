namespace McpImageGen.Jobs.Database;

/// <summary>A browser that is signed in to the gallery. Without its row, a copy of its cookie is worth nothing.</summary>
public sealed class SignInRow
{
    /// <summary>A random id, which is also in the cookie.</summary>
    public required Guid Id { get; init; }

    public required string Owner { get; init; }

    /// <summary>Unix milliseconds by the database's clock.</summary>
    public required long ExpiresAt { get; init; }
}
