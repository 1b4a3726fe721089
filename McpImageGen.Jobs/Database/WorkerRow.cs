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
