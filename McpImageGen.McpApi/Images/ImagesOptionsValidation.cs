using Microsoft.Extensions.Options;

namespace McpImageGen.McpApi.Images;

internal sealed class ImagesOptionsValidation : IValidateOptions<ImagesOptions>
{
    public ValidateOptionsResult Validate(string? name, ImagesOptions options) =>
        options.PublicBaseUrl is null or { IsAbsoluteUri: true, Scheme: "http" or "https", Query: "", Fragment: "" }
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail("Images__PublicBaseUrl must be an absolute URL such as https://images.example.com.");
}
