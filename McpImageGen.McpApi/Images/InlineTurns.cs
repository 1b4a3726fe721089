using McpImageGen.Jobs.Images;

namespace McpImageGen.McpApi.Images;

/// <summary>
/// Limits how many results with previews are built at the same time: each has up to 1 MB, and many at once would keep the processor from all
/// other calls. The owners take turns. A turn lasts until the response is written, but not longer than a slow client can be waited for.
/// </summary>
internal sealed class InlineTurns(IHttpContextAccessor http, TimeProvider time)
{
    private static readonly TimeSpan LongestTurn = TimeSpan.FromSeconds(1);

    private readonly FairTurns _turns = new(mostAtOnce: 2, mostWaitingInLine: int.MaxValue, mostWaiting: int.MaxValue);

    /// <summary>Waits for the turn of this call.</summary>
    /// <param name="owner">The owner that calls.</param>
    /// <param name="cancellationToken">The call has ended.</param>
    public async Task NextAsync(string owner, CancellationToken cancellationToken)
    {
        var turn = await _turns.NextAsync(owner, cancellationToken);
        var limit = time.CreateTimer(_ => turn.Dispose(), null, LongestTurn, Timeout.InfiniteTimeSpan);
        if (http.HttpContext is { } call)
        {
            call.Response.RegisterForDispose(limit);
            call.Response.RegisterForDispose(turn);
        }
    }
}
