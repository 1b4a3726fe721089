namespace McpImageGen.Jobs.Lifecycle;

/// <summary>A job that was taken from its worker.</summary>
/// <param name="Id">The job's id.</param>
/// <param name="WorkerId">The worker that had claimed it.</param>
/// <param name="Reason">One of <see cref="ReclaimReason"/>.</param>
/// <param name="LeaseUntil">The end of the worker's lease, Unix milliseconds by the database's clock.</param>
/// <param name="Failed">True if it had been reclaimed too often and has failed; otherwise it is pending again.</param>
public sealed record ReclaimedJob(Guid Id, Guid? WorkerId, string Reason, long? LeaseUntil, bool Failed);

/// <summary>Why a job was taken from its worker.</summary>
public static class ReclaimReason
{
    /// <summary>The worker has stopped, or sent no heartbeat for 10 s.</summary>
    public const string WorkerSilent = "worker_silent";

    /// <summary>The worker sends heartbeats, but its lease is over.</summary>
    public const string LeaseExpired = "lease_expired";
}
