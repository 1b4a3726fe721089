using Microsoft.Extensions.Options;

namespace McpImageGen.McpApi.Images;

/// <summary>The URLs of images. Section <c>Images</c>.</summary>
public sealed class ImagesOptions
{
    public const string Section = "Images";

    /// <summary>
    /// The base of each <c>image_url</c>, an absolute http or https URL; a trailing slash is optional.
    /// Default: the base URL that the request was sent to.
    /// </summary>
    public Uri? PublicBaseUrl { get; set; }
}

internal sealed class ImagesOptionsValidation : IValidateOptions<ImagesOptions>
{
    public ValidateOptionsResult Validate(string? name, ImagesOptions options) =>
        options.PublicBaseUrl is null or { IsAbsoluteUri: true, Scheme: "http" or "https", Query: "", Fragment: "" }
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail("Images__PublicBaseUrl must be an absolute URL such as https://images.example.com.");
}
