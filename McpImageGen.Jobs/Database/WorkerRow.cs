namespace McpImageGen.Jobs.Database;

/// <summary>One worker process that is, or was, alive. Times are Unix milliseconds by the database's clock.</summary>
public sealed class WorkerRow
{
    /// <summary>Made anew by each process.</summary>
    public required Guid Id { get; init; }

    public required long Started { get; init; }

    /// <summary>How many generations it does at once.</summary>
    public required int Concurrency { get; init; }

    /// <summary>Where its images come from, in words for everybody; null of a worker that does not say.</summary>
    public string? ImageSource { get; init; }

    /// <summary>When the worker last said that it is alive.</summary>
    public required long Seen { get; set; }
}
