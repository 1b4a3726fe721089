using McpImageGen.Jobs.Images;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;

namespace McpImageGen.McpApi.Images;

/// <summary>Serves images and thumbnails to anyone who has the link. Links cannot be guessed.</summary>
internal static class ImageEndpoint
{
    private const string SecondsUntilNextTry = "5";

    public static void MapImages(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapMethods(ImageLinks.Path + "/{key}", [HttpMethods.Get, HttpMethods.Head], ServeAsync);

    private static async Task ServeAsync(string key, IImageStore store, Thumbnails thumbnails, HttpContext context)
    {
        LetPagesRead(context.Response);
        try
        {
            var result = await FindAsync(key, store, thumbnails, context);
            await result.ExecuteAsync(context);
        }
        catch (ImageUnreadableException) when (!context.Response.HasStarted)
        {
            await RefuseAsync(context, "The server cannot read this image. Its operator has to check the image store.\n");
        }
        catch (IOException) when (!context.Response.HasStarted)
        {
            await RefuseAsync(context, "The image store is not available. Try again in a few seconds.\n");
        }
        catch (ScalingQueueFullException)
        {
            await RefuseAsync(context, "Too many thumbnails are being created. Try again in a few seconds.\n");
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client has disconnected.
        }
    }

    private static Task RefuseAsync(HttpContext context, string reason)
    {
        // The bytes are read from the store only after the headers were set: the headers do not apply to this response.
        context.Response.Clear();
        LetPagesRead(context.Response);
        context.Response.Headers.RetryAfter = SecondsUntilNextTry;
        return Text(reason, StatusCodes.Status503ServiceUnavailable).ExecuteAsync(context);
    }

    /// <summary>
    /// Allows any page to read the image, not only to show it. The headers are sent even without an <c>Origin</c> header: a browser caches the
    /// response and uses it for later requests of scripts.
    /// </summary>
    private static void LetPagesRead(HttpResponse response)
    {
        response.Headers.AccessControlAllowOrigin = "*";
        response.Headers["Cross-Origin-Resource-Policy"] = "cross-origin";
    }

    private static async Task<IResult> FindAsync(string name, IImageStore store, Thumbnails thumbnails, HttpContext context)
    {
        if (ImageKey.Parse(name) is not { } key)
            return Missing();
        if (key.ThumbnailSide is not null && !ScaledImage.CanScale(key.Image.ContentType))
            return TypedResults.Redirect($"{context.Request.PathBase}{ImageLinks.Path}/{key.Image}");
        try
        {
            var image = key.ThumbnailSide is null
                ? await store.OpenAsync(key, context.RequestAborted)
                : await thumbnails.GetAsync(key, "address " + context.Connection.RemoteIpAddress, context.RequestAborted);
            return image is null ? Missing() : Image(key, image.Content, image.StoredAt, context);
        }
        catch (InvalidDataException exception)
        {
            return Text($"A thumbnail of this image cannot be created. {exception.Message}\n", StatusCodes.Status422UnprocessableEntity);
        }
    }

    private static FileStreamHttpResult Image(ImageKey key, Stream content, DateTimeOffset? storedAt, HttpContext context)
    {
        context.Response.Headers.CacheControl = StoredImage.CacheControl;
        return TypedResults.Stream(
            content,
            key.ContentType,
            lastModified: storedAt,
            entityTag: new EntityTagHeaderValue($"\"{key}\""),
            enableRangeProcessing: true);
    }

    private static ContentHttpResult Missing() => Text("Image not found.\n", StatusCodes.Status404NotFound);

    private static ContentHttpResult Text(string text, int status) => TypedResults.Text(text, statusCode: status);
}
