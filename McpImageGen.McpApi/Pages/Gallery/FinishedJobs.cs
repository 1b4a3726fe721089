using System.Runtime.CompilerServices;
using System.Threading.Channels;
using McpImageGen.Jobs.Lifecycle;
using McpImageGen.Jobs.Signals;

namespace McpImageGen.McpApi.Pages.Gallery;

/// <summary>Tells an open gallery which of its owner's jobs were finished, by the same signals that wake waiting calls.</summary>
internal sealed class FinishedJobs(IJobSignals signals, JobQueries queries, TimeProvider time)
{
    private static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(5);

    /// <summary>The owner's jobs as they are finished; null now and then, when there was none, and when some may have been missed.</summary>
    public async IAsyncEnumerable<Guid?> OfAsync(string owner, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var signalled = Channel.CreateUnbounded<Guid?>(new UnboundedChannelOptions { SingleReader = true });
        await using var subscription = await signals.SubscribeAsync(
            signal => signalled.Writer.TryWrite(signal.JobId), () => signalled.Writer.TryWrite(null), cancellationToken);
        await using var net = time.CreateTimer(_ => signalled.Writer.TryWrite(null), null, TimeSpan.Zero, LongestSilence);
        while (await signalled.Reader.WaitToReadAsync(cancellationToken))
        {
            var ids = new HashSet<Guid>();
            var isNull = false;
            while (signalled.Reader.TryRead(out var id))
                isNull |= id is null || !ids.Add(id.Value);
            if (isNull)
                yield return null;
            foreach (var job in await queries.FindAsync(owner, ids, cancellationToken))
                yield return job.Id;
        }
    }
}
