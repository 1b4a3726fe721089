using McpImageGen.Jobs.Images;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;

namespace McpImageGen.McpApi.Images;

/// <summary>Serves images to whoever has their link: nobody can guess one.</summary>
internal static class ImageEndpoint
{
    private const string SecondsUntilNextTry = "5";

    public static void MapImages(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapMethods(ImageLinks.Path + "/{key}", [HttpMethods.Get, HttpMethods.Head], ServeAsync);

    private static async Task ServeAsync(string key, IImageStore store, HttpContext context)
    {
        try
        {
            var result = await FindAsync(key, store, context);
            await result.ExecuteAsync(context);
        }
        catch (IOException) when (!context.Response.HasStarted)
        {
            // The store is asked for the bytes only now, when all headers are set: none of them holds for this answer.
            context.Response.Clear();
            context.Response.Headers.RetryAfter = SecondsUntilNextTry;
            await Text("The image store does not answer. Try again in a few seconds.\n", StatusCodes.Status503ServiceUnavailable).ExecuteAsync(context);
        }
    }

    private static async Task<IResult> FindAsync(string key, IImageStore store, HttpContext context)
    {
        if (ImageKey.Parse(key) is not { } imageKey || await store.OpenAsync(imageKey, context.RequestAborted) is not { } image)
            return Text("No such image.\n", StatusCodes.Status404NotFound);

        context.Response.Headers.CacheControl = "public, max-age=31536000, immutable";
        return TypedResults.Stream(
            image.Content,
            imageKey.ContentType,
            lastModified: image.StoredAt,
            entityTag: new EntityTagHeaderValue($"\"{imageKey}\""),
            enableRangeProcessing: true);
    }

    private static ContentHttpResult Text(string text, int status) => TypedResults.Text(text, statusCode: status);
}
