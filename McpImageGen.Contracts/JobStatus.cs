namespace McpImageGen.Contracts;

/// <summary>
/// The status of a job: <c>pending → processing → completed | failed | cancelled</c>. Clients see these names.
/// </summary>
public static class JobStatus
{
    public const string Pending = "pending";
    public const string Processing = "processing";
    public const string Completed = "completed";
    public const string Failed = "failed";
    public const string Cancelled = "cancelled";

    /// <summary>Never the status of a row: the response to a repeated call has it for jobs that were deleted since the first call.</summary>
    public const string Deleted = "deleted";

    /// <summary>True for a status that never changes again.</summary>
    public static bool IsFinal(string status) => status is Completed or Failed or Cancelled or Deleted;
}
