namespace McpImageGen.Jobs.Database;

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
