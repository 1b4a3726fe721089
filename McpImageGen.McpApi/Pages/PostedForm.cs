using Microsoft.AspNetCore.Antiforgery;

namespace McpImageGen.McpApi.Pages;

/// <summary>A form that a page has posted.</summary>
/// <param name="Fields">What was typed; nothing where it was no form, or too large.</param>
/// <param name="IsOurs">It comes from a page that this server showed to this owner. Any other may be read, and must change nothing.</param>
internal sealed record PostedForm(IFormCollection Fields, bool IsOurs)
{
    public const string TooOld = "This page has expired, so nothing was changed. Try again.";

    public static async ValueTask<PostedForm> BindAsync(HttpContext context)
    {
        if (!context.Request.HasFormContentType)
            return new PostedForm(FormCollection.Empty, IsOurs: false);
        try
        {
            var fields = await context.Request.ReadFormAsync(context.RequestAborted);
            return new PostedForm(fields, await context.RequestServices.GetRequiredService<IAntiforgery>().IsRequestValidAsync(context));
        }
        catch (Exception exception) when (exception is InvalidDataException or (IOException and not BadHttpRequestException))
        {
            // Too large, or broken.
            return new PostedForm(FormCollection.Empty, IsOurs: false);
        }
    }
}
