namespace McpImageGen.Contracts;

/// <summary>
/// Where a job is: <c>pending → processing → completed | failed | cancelled</c>. The names are what clients see.
/// </summary>
public static class JobStatus
{
    public const string Pending = "pending";
    public const string Processing = "processing";
    public const string Completed = "completed";
    public const string Failed = "failed";
    public const string Cancelled = "cancelled";

    /// <summary>Not a state of a row: what the answer to a repeated call says of a job that was deleted since the first call.</summary>
    public const string Deleted = "deleted";

    /// <summary>True for a state that a job never leaves.</summary>
    public static bool IsFinal(string status) => status is Completed or Failed or Cancelled or Deleted;
}
