using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using McpImageGen.Contracts;
using McpImageGen.Jobs;
using McpImageGen.Jobs.Database;
using McpImageGen.Jobs.Queries;
using McpImageGen.McpApi.Application;
using McpImageGen.McpApi.Pages.SignIn;
using McpImageGen.McpApi.Waiting;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;

namespace McpImageGen.McpApi.Pages.Gallery;

/// <summary>
/// Keeps an open gallery up to date. Each new connection first gets all cards, then only changed cards. Signals only trigger a read of
/// the jobs, so a lost signal does not lose a change.
/// </summary>
internal sealed partial class GalleryEvents(
    JobService jobs,
    JobCompletionWaiter waiter,
    SignInSessions sessions,
    JobsDatabase database,
    IServiceProvider services,
    ILoggerFactory loggers,
    IHostApplicationLifetime lifetime,
    TimeProvider time)
{
    /// <summary>Jobs that finish within this time are sent together.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    /// <summary>After this time the browser must reconnect, which checks again that it is signed in.</summary>
    private static readonly TimeSpan MaxLifetime = TimeSpan.FromMinutes(10);

    /// <summary>
    /// The events of one open page: <c>cards</c> with the card list, in which unchanged cards are empty; <c>finished</c> with the id of each
    /// newly finished job; <c>news</c> with a sentence about those jobs; and <c>alive</c> if nothing has changed. They end when the session has ended.
    /// </summary>
    public async IAsyncEnumerable<SseItem<string>> OfAsync(
        string owner, Guid? session, GalleryView view, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var life = new CancellationTokenSource(MaxLifetime, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, lifetime.ApplicationStopping, life.Token);
        await using var changes = new ChangePoller(waiter, time);
        BrowsedJobs? shown = null;
        while (await changes.NextAsync(shown is null ? TimeSpan.Zero : Pause, stop.Token))
        {
            if (session is { } id && await IsSignedOutAsync(id, stop.Token))
                yield break;
            if (await TryReadAsync(owner, view, stop.Token) is not { } found || (shown is not null && IsSame(shown, found)))
            {
                yield return new SseItem<string>("", "alive");
                continue;
            }

            yield return new SseItem<string>(await RenderAsync(view, found, shown), "cards");
            var finished = shown is null ? [] : FinishedSince(shown.Jobs, found.Jobs);
            foreach (var job in finished)
                yield return new SseItem<string>(job.Id.ToString(), "finished");
            if (finished.Count > 0)
                yield return new SseItem<string>(NewsOf(finished), "news");
            shown = found;
        }
    }

    private async Task<bool> IsSignedOutAsync(Guid session, CancellationToken stop)
    {
        try
        {
            return !await sessions.IsOpenAsync(session, stop);
        }
        catch (Exception exception) when (stop.IsCancellationRequested || database.IsUnavailable(exception))
        {
            // Without the database nothing can be shown either.
            return false;
        }
    }

    private async Task<BrowsedJobs?> TryReadAsync(string owner, GalleryView view, CancellationToken stop)
    {
        try
        {
            return await jobs.BrowseAsync(owner, view.Filter, view.Before, GallerySetup.PageSize, stop);
        }
        catch (Exception exception) when (stop.IsCancellationRequested || database.IsUnavailable(exception))
        {
            Log.NotRead(loggers.CreateLogger<GalleryEvents>(), exception.GetBaseException().Message);
            return null;
        }
    }

    private async Task<string> RenderAsync(GalleryView view, BrowsedJobs found, BrowsedJobs? shown)
    {
        await using var renderer = new HtmlRenderer(services, loggers);
        var parameters = ParameterView.FromDictionary(new Dictionary<string, object?>
        {
            [nameof(CardList.View)] = view,
            [nameof(CardList.Found)] = found,
            [nameof(CardList.Shown)] = shown?.Jobs,
        });
        return await renderer.Dispatcher.InvokeAsync(async () => (await renderer.RenderComponentAsync<CardList>(parameters)).ToHtmlString());
    }

    private static bool IsSame(BrowsedJobs shown, BrowsedJobs found) =>
        shown.NextBefore == found.NextBefore && shown.Jobs.Select(JobCard.VersionOf).SequenceEqual(found.Jobs.Select(JobCard.VersionOf));

    /// <summary>Finished jobs that were shown as unfinished or are newer than all shown jobs. Older jobs only fill the places of deleted jobs.</summary>
    private static List<GenerationJob> FinishedSince(IReadOnlyList<GenerationJob> shown, IReadOnlyList<GenerationJob> found) =>
    [
        .. from job in found
           where JobStatus.IsFinal(job.Status)
           let before = shown.FirstOrDefault(other => other.Id == job.Id)
           where before is null ? shown.All(other => other.Id < job.Id) : !JobStatus.IsFinal(before.Status)
           select job,
    ];

    private static string NewsOf(List<GenerationJob> finished)
    {
        var images = finished.Count(job => job.Status == JobStatus.Completed);
        var failed = finished.Count(job => job.Status == JobStatus.Failed);
        var cancelled = finished.Count - images - failed;
        string?[] parts =
        [
            images > 0 ? $"{images} {(images == 1 ? "image" : "images")} finished" : null,
            failed > 0 ? $"{failed} failed" : null,
            cancelled > 0 ? $"{cancelled} cancelled" : null,
        ];
        return string.Join(", ", parts.OfType<string>());
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Debug, "Could not read the jobs for an open gallery page; retrying in a few seconds: {Reason}")]
        public static partial void NotRead(ILogger logger, string reason);
    }
}
