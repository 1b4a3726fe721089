using McpImageGen.McpApi.Application;
using McpImageGen.McpApi.Auth;
using McpImageGen.McpApi.Pages.SignIn;
using Microsoft.AspNetCore.Http.HttpResults;

namespace McpImageGen.McpApi.Pages.Gallery;

/// <summary>The pages that show the images of an owner.</summary>
internal static class GallerySetup
{
    /// <summary>The number of images on a page.</summary>
    public const int PageSize = 48;

    public static void MapGallery(this IEndpointRouteBuilder gallery)
    {
        gallery.MapGet("", ListAsync);
        gallery.MapGet("/events", Events).DisableCookieRedirect();
        gallery.MapJobPages();
    }

    private static async Task<IResult> ListAsync(GalleryView view, JobService jobs, Caller caller, CancellationToken cancellationToken)
    {
        var found = await jobs.BrowseAsync(caller.Owner, view.Filter, view.Before, PageSize, cancellationToken);
        return new RazorComponentResult<GalleryPage>(new { Owner = caller.Owner, View = view, Found = found });
    }

    private static IResult Events(
        GalleryView view, GalleryEvents events, Caller caller, StreamLimits limits, HttpContext context, CancellationToken cancellationToken)
    {
        if (!view.IsLive)
            return TypedResults.BadRequest();
        if (limits.TryOpen(caller.Owner) is not { } stream)
        {
            context.Response.Headers.RetryAfter = "10";
            return TypedResults.Text(limits.Error + "\n", statusCode: StatusCodes.Status429TooManyRequests);
        }

        context.Response.RegisterForDispose(stream);
        return TypedResults.ServerSentEvents(events.OfAsync(caller.Owner, SignInSessions.IdOf(context.User), view, cancellationToken));
    }
}
