namespace McpImageGen.Contracts;

/// <summary>
/// The signal that a job was cancelled, for the worker that may have it: it need not go on. The job's row says so already, and whatever a
/// worker that missed the signal makes is dropped. It may be lost and it may come twice.
/// </summary>
/// <param name="JobId">The job's id.</param>
public sealed record JobCancelled(Guid JobId);
