using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;

namespace McpImageGen.McpApi.Pages;

/// <summary>A posted form.</summary>
/// <param name="Fields">The entered values; empty if the body was not a form or was too large.</param>
/// <param name="IsOurs">True if the form is from a page that this server showed to this owner. Other forms must not change anything.</param>
internal sealed record PostedForm(IFormCollection Fields, bool IsOurs)
{
    public const string TooOld = "This page has expired, so nothing was changed. Try again.";

    /// <summary>The maximum size of a form in bytes: more than a prompt of the greatest length takes, if each of its characters is encoded.</summary>
    private const int Largest = 32 * 1024;

    /// <summary>The pages post their forms in this format. The other one, multipart, would be written to the disk before anything is checked.</summary>
    private const string ContentType = "application/x-www-form-urlencoded";

    /// <exception cref="BadHttpRequestException">The form is larger than any of a page.</exception>
    public static async ValueTask<PostedForm> BindAsync(HttpContext context)
    {
        if (!MediaTypeHeaderValue.TryParse(context.Request.ContentType, out var type) || !type.MediaType.Equals(ContentType, StringComparison.OrdinalIgnoreCase))
            return new PostedForm(FormCollection.Empty, IsOurs: false);
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            limit.MaxRequestBodySize = Largest;
        try
        {
            var fields = await context.Request.ReadFormAsync(context.RequestAborted);
            return new PostedForm(fields, await context.RequestServices.GetRequiredService<IAntiforgery>().IsRequestValidAsync(context));
        }
        catch (Exception exception) when (exception is InvalidDataException or (IOException and not BadHttpRequestException))
        {
            // Too large or malformed.
            return new PostedForm(FormCollection.Empty, IsOurs: false);
        }
    }
}
