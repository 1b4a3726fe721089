namespace McpImageGen.GenerationWorker.RateLimit;

/// <summary>
/// Keeps the account's requests to Workers AI within <c>WorkersAi__RequestsPerMinute</c> in any 60 s. Up to the limit, requests are sent
/// immediately, even in a burst; beyond it, jobs are queued, each with its own turn.
/// </summary>
public interface IRateLimit
{
    /// <summary>
    /// Reserves one request, to be sent now. If the limit is reached, the job gets a place in the queue and calls again when its turn has
    /// come. A further call after a reservation reserves another request.
    /// </summary>
    /// <param name="jobId">The job that the request is for.</param>
    /// <returns>Zero if the request may be sent now; otherwise the time until the job's turn, at least 1 s.</returns>
    Task<TimeSpan> TakeAsync(Guid jobId, CancellationToken cancellationToken);

    /// <summary>Removes a cancelled job from the queue, if it is queued, so that no other job waits behind it.</summary>
    Task LeaveAsync(Guid jobId, CancellationToken cancellationToken);
}
