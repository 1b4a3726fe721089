using Microsoft.AspNetCore.Antiforgery;

namespace McpImageGen.McpApi.Pages;

/// <summary>A posted form.</summary>
/// <param name="Fields">The entered values; empty if the body was not a form or was too large.</param>
/// <param name="IsOurs">True if the form is from a page that this server showed to this owner. Other forms must not change anything.</param>
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
            // Too large or malformed.
            return new PostedForm(FormCollection.Empty, IsOurs: false);
        }
    }
}
