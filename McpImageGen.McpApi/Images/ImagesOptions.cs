namespace McpImageGen.McpApi.Images;

/// <summary>Where clients find images. Section <c>Images</c>.</summary>
public sealed class ImagesOptions
{
    public const string Section = "Images";

    /// <summary>
    /// What each <c>image_url</c> starts with, an absolute http or https address; a trailing slash is optional.
    /// Default: the address that the request itself was sent to.
    /// </summary>
    public Uri? PublicBaseUrl { get; set; }
}
