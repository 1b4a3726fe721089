using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using McpImageGen.Jobs.Lifecycle;
using McpImageGen.McpApi.Auth;
using McpImageGen.McpApi.Pages.Generate;
using McpImageGen.McpApi.Pages.SignIn;
using Microsoft.AspNetCore.Http.HttpResults;

namespace McpImageGen.McpApi.Pages.Gallery;

/// <summary>The pages that show an owner the owner's images.</summary>
internal static class GallerySetup
{
    public const string Path = "/gallery";

    private const int CardsOnAPage = 48;

    public static void MapGallery(this IEndpointRouteBuilder pages)
    {
        var gallery = pages.MapGroup(Path).RequireAuthorization(SignInSetup.SignedIn);
        gallery.MapGet("", ListAsync);
        gallery.MapGet("/events", Events);
        gallery.MapGenerate();
        gallery.MapJobPages();
        gallery.MapGet("/{id:guid}/card", ShowCardAsync);
    }

    private static async Task<IResult> ListAsync(
        JobQueries queries, Caller caller, string? status, string? model, string? search, Guid? before, CancellationToken cancellationToken)
    {
        var filter = new JobFilter(status, model, search);
        var jobs = await queries.BrowseAsync(caller.Owner, filter, before, CardsOnAPage + 1, cancellationToken);
        return new RazorComponentResult<GalleryPage>(new
        {
            Owner = caller.Owner,
            Filter = filter,
            IsFirstPage = before is null,
            Jobs = jobs.Take(CardsOnAPage).ToList(),
            HasMore = jobs.Count > CardsOnAPage,
        });
    }

    private static async Task<IResult> ShowCardAsync(Guid id, JobQueries queries, Caller caller, CancellationToken cancellationToken) =>
        await queries.FindAsync(caller.Owner, [id], cancellationToken) is [var job]
            ? new RazorComponentResult<JobCard>(new { Job = job })
            : TypedResults.NotFound();

    private static ServerSentEventsResult<string> Events(FinishedJobs finished, Caller caller, CancellationToken cancellationToken) =>
        TypedResults.ServerSentEvents(EventsAsync(finished, caller.Owner, cancellationToken));

    /// <summary>Names each of the owner's jobs that is finished from now on.</summary>
    private static async IAsyncEnumerable<SseItem<string>> EventsAsync(
        FinishedJobs finished, string owner, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var id in finished.OfAsync(owner, cancellationToken))
            yield return id is { } job ? new SseItem<string>(job.ToString(), "finished") : new SseItem<string>("", "alive");
    }
}
