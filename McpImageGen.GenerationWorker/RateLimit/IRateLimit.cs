namespace McpImageGen.GenerationWorker.RateLimit;

/// <summary>
/// Keeps the account's requests to Workers AI under <c>WorkersAi__RequestsPerMinute</c> in any 60 s. Where there is room a whole burst
/// goes at once; beyond it jobs stand in line, each with a turn of its own.
/// </summary>
public interface IRateLimit
{
    /// <summary>
    /// Takes room for one request, to be sent now. Without room the job is given a place in line; it asks again when its turn has come,
    /// and then goes. A job that has gone and asks again asks for a further request.
    /// </summary>
    /// <param name="jobId">The job that the request is for.</param>
    /// <returns>Zero: send it. Else the time until the job's turn, at least 1 s.</returns>
    Task<TimeSpan> TakeAsync(Guid jobId, CancellationToken cancellationToken);

    /// <summary>Gives up the job's place in line, if it has one: it was cancelled, and nobody shall wait behind it.</summary>
    Task LeaveAsync(Guid jobId, CancellationToken cancellationToken);
}
