using McpImageGen.McpApi.Pages.Discovery;
using McpImageGen.McpApi.Pages.Gallery;
using McpImageGen.McpApi.Pages.Generate;
using McpImageGen.McpApi.Pages.SignIn;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.FileProviders;

namespace McpImageGen.McpApi.Pages;

/// <summary>The web pages of the server. They are rendered on the server and load nothing from other origins.</summary>
internal static class PagesSetup
{
    /// <summary>Allows only content from this server and no inline scripts or styles, so that a prompt can never be executed.</summary>
    public const string ContentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; "
        + "base-uri 'none'; frame-ancestors 'none'";

    public static void AddPages(this IHostApplicationBuilder builder)
    {
        builder.Services.AddRazorComponents();
        builder.Services.AddSingleton<SystemStatus>();
        builder.Services.AddScoped<GalleryEvents>();
        builder.Services.AddSingleton<PageSubmission>();
        builder.AddSignIn();
    }

    /// <summary>Must come before the authentication, which reads the sign-in from the database.</summary>
    public static void UsePages(this WebApplication app) =>
        app.UseWhen(context => context.Request.Path.StartsWithSegments(PagePaths.Gallery), gallery => gallery.UseMiddleware<DatabaseGuard>());

    public static void MapPages(this WebApplication app)
    {
        app.UseStaticFiles(new StaticFileOptions
        {
            FileProvider = new EmbeddedFileProvider(typeof(PagesSetup).Assembly, "McpImageGen.McpApi.Pages.Assets"),
            RequestPath = "/assets",
            OnPrepareResponse = file => file.Context.Response.Headers.CacheControl = "no-cache",
        });
        var pages = app.MapGroup("").AddEndpointFilter(async (call, next) =>
        {
            call.HttpContext.Response.Headers.ContentSecurityPolicy = ContentSecurityPolicy;
            call.HttpContext.Response.Headers.CacheControl = "no-cache";
            return await next(call);
        });
        pages.MapGet("/", IResult () => new RazorComponentResult<DiscoveryPage>());
        pages.MapGet("/status", IResult () => new RazorComponentResult<StatusSection>());
        pages.MapSignIn();
        var signedIn = pages.MapGroup(PagePaths.Gallery).RequireAuthorization(SignInSetup.SignedIn);
        signedIn.MapGallery();
        signedIn.MapGenerate();
    }
}
