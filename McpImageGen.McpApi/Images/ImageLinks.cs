using McpImageGen.Jobs;
using McpImageGen.Jobs.Images;
using Microsoft.Extensions.Options;

namespace McpImageGen.McpApi.Images;

/// <summary>The links to images.</summary>
internal sealed class ImageLinks(IHttpContextAccessor http, IOptions<ImagesOptions> options)
{
    public const string Path = "/images";

    /// <summary>The link to a job's image; null if it has none.</summary>
    public string? To(GenerationJob job) => job.ImageKey is { } key ? To(key) : null;

    /// <summary>The link to the image with this key.</summary>
    public string To(ImageKey key) => $"{BaseUrl}{Path}/{key}";

    /// <summary>The scheme, host and port of all links.</summary>
    public string Origin => new Uri(BaseUrl).GetLeftPart(UriPartial.Authority);

    /// <summary>The base URL of the server as clients see it, without a trailing slash.</summary>
    public string BaseUrl =>
        options.Value.PublicBaseUrl is { } configured ? configured.AbsoluteUri.TrimEnd('/')
        : http.HttpContext is { Request: var request } ? $"{request.Scheme}://{request.Host}{request.PathBase}"
        : throw new InvalidOperationException("There is no current request to take the base URL of the link from.");
}
