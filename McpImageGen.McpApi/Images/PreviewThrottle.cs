using McpImageGen.Jobs.Images;

namespace McpImageGen.McpApi.Images;

/// <summary>
/// Limits how many results with previews are prepared and written at the same time: each has up to 1 MB, and many at once would take the memory,
/// and keep the processor from all other calls. The owners take turns.
/// </summary>
internal sealed class PreviewThrottle(IHttpContextAccessor http, TimeProvider time)
{
    private const int MaxPrepared = 8;
    private const int MaxWritten = 1;

    /// <summary>A slow client does not make the others wait longer.</summary>
    private static readonly TimeSpan MaxWriteTime = TimeSpan.FromMilliseconds(250);

    private readonly FairSemaphore _prepared = new(MaxPrepared, int.MaxValue, int.MaxValue);
    private readonly FairSemaphore _written = new(MaxWritten, int.MaxValue, int.MaxValue);

    /// <summary>Waits until this call may prepare its previews.</summary>
    /// <returns>Ends the turn when it is disposed of.</returns>
    public Task<IDisposable> PrepareAsync(string owner, CancellationToken cancellationToken) => _prepared.NextAsync(owner, cancellationToken);

    /// <summary>Waits until this call may write its result. The turn ends when it is written, or after a short time.</summary>
    public async Task WriteAsync(string owner, CancellationToken cancellationToken)
    {
        var turn = await _written.NextAsync(owner, cancellationToken);
        var limit = time.CreateTimer(_ => turn.Dispose(), null, MaxWriteTime, Timeout.InfiniteTimeSpan);
        if (http.HttpContext is { } call)
        {
            call.Response.RegisterForDispose(limit);
            call.Response.RegisterForDispose(turn);
        }
    }
}
