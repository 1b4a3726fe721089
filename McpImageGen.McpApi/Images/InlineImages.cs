using McpImageGen.Jobs;
using McpImageGen.Jobs.Images;

namespace McpImageGen.McpApi.Images;

/// <summary>Makes the previews that are attached to results, within the size that clients accept: some reject results larger than 1 MB.</summary>
internal sealed partial class InlineImages(PreviewCache previews, PreviewThrottle turns, ILogger<InlineImages> logger)
{
    private const int MaxImage = 700_000;

    /// <summary>The maximum total size of all previews in bytes: 900,000 characters as base64, which leaves the rest of 1 MB for the text.</summary>
    private const int MaxTotal = 675_000;

    /// <summary>A smaller preview would show little, so fewer previews are attached instead.</summary>
    private const int MinShare = 60_000;

    /// <summary>Previews of the jobs' images, in the order of the jobs, as many as fit.</summary>
    public async Task<Previews> OfAsync(IEnumerable<GenerationJob> jobs, CancellationToken cancellationToken)
    {
        var images = jobs.Where(job => job.ImageKey is not null).DistinctBy(job => job.Id).ToList();
        if (images.Count == 0)
            return new Previews([], [], []);
        using var turn = await turns.PrepareAsync(images[0].Owner, cancellationToken);
        var room = MaxTotal;
        var shown = new List<Preview>();
        var leftOut = new List<Guid>();
        var unreadable = new List<Guid>();
        for (var i = 0; i < images.Count; i++)
        {
            var share = Math.Min(MaxImage, Math.Max(MinShare, room / (images.Count - i)));
            if (share > room)
            {
                leftOut.Add(images[i].Id);
                continue;
            }

            try
            {
                if (await previews.GetAsync(images[i].Owner, images[i].ImageKey!, share, cancellationToken) is { } jpeg)
                {
                    shown.Add(new Preview(images[i].Id, jpeg));
                    room -= jpeg.Length;
                    continue;
                }

                leftOut.Add(images[i].Id);
            }
            catch (Exception exception) when (exception is IOException or InvalidDataException or ScalingQueueFullException)
            {
                // The result still contains the link.
                Log.NotShown(logger, images[i].Id, exception.Message);
                (exception is ImageUnreadableException or InvalidDataException ? unreadable : leftOut).Add(images[i].Id);
            }
        }

        await turns.WriteAsync(images[0].Owner, cancellationToken);
        return new Previews(shown, leftOut, unreadable);
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "Could not attach a preview of the image of job {JobId}: {Reason}")]
        public static partial void NotShown(ILogger logger, Guid jobId, string reason);
    }
}

/// <summary>The previews that are attached to a result.</summary>
/// <param name="Shown">The attached previews, in the order of the jobs.</param>
/// <param name="LeftOut">The jobs whose images did not fit or could not be read now.</param>
/// <param name="Unreadable">The jobs whose images are damaged or cannot be read by the server.</param>
internal sealed record Previews(IReadOnlyList<Preview> Shown, IReadOnlyList<Guid> LeftOut, IReadOnlyList<Guid> Unreadable);

/// <summary>A reduced copy of a job's image.</summary>
internal sealed record Preview(Guid JobId, byte[] Jpeg);
