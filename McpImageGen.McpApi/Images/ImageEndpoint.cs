using McpImageGen.Jobs.Images;
using Microsoft.Net.Http.Headers;

namespace McpImageGen.McpApi.Images;

/// <summary>Serves images to whoever has their link: nobody can guess one.</summary>
internal static class ImageEndpoint
{
    public static void MapImages(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapMethods(ImageLinks.Path + "/{key}", [HttpMethods.Get, HttpMethods.Head], ServeAsync);

    private static async Task<IResult> ServeAsync(string key, IImageStore store, HttpResponse response, CancellationToken cancellationToken)
    {
        if (ImageKey.Parse(key) is not { } imageKey || await store.OpenAsync(imageKey, cancellationToken) is not { } image)
            return TypedResults.Text("No such image.\n", statusCode: StatusCodes.Status404NotFound);

        response.Headers.CacheControl = "public, max-age=31536000, immutable";
        return TypedResults.Stream(
            image.Content,
            imageKey.ContentType,
            lastModified: image.StoredAt,
            entityTag: new EntityTagHeaderValue($"\"{imageKey}\""),
            enableRangeProcessing: true);
    }
}
