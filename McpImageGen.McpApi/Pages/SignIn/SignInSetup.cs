using System.Security.Claims;
using McpImageGen.Jobs.Database;
using McpImageGen.McpApi.Auth;
using McpImageGen.McpApi.Pages.Gallery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Http.Metadata;

namespace McpImageGen.McpApi.Pages.SignIn;

/// <summary>
/// Lets a person in who has a token, and remembers that in a cookie. Its keys lie in the jobs' database, so a sign-in at one API holds at
/// every other, and outlives a restart.
/// </summary>
internal static class SignInSetup
{
    public const string Path = GallerySetup.Path + "/sign-in";
    public const string OutPath = GallerySetup.Path + "/sign-out";

    /// <summary>The scheme of those who have signed in.</summary>
    public const string CookieScheme = "Cookie";

    private const string GalleryScheme = "Gallery";
    private const string CookieName = "mcpimagegen";
    private const string ReturnParameter = "to";

    /// <summary>Who may see the gallery: whoever has signed in, and programs on this machine where they may call without a token.</summary>
    public static readonly AuthorizationPolicy SignedIn = new AuthorizationPolicyBuilder(GalleryScheme).RequireAuthenticatedUser().Build();

    public static void AddSignIn(this IHostApplicationBuilder builder)
    {
        builder.Services.AddDataProtection().SetApplicationName("McpImageGen").PersistKeysToDbContext<JobsDbContext>();
        // The keys lie where the jobs lie, as safe as these; and what goes wrong with them is the database's, said by others.
        builder.Logging.AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Critical);
        builder.Services.AddAntiforgery(antiforgery =>
        {
            antiforgery.Cookie.Name = CookieName + ".form";
            antiforgery.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        });
        builder.Services.AddSingleton<TokenSignIn>();
        new AuthenticationBuilder(builder.Services)
            .AddCookie(CookieScheme, cookie =>
            {
                cookie.Cookie.Name = CookieName;
                cookie.Cookie.SameSite = SameSiteMode.Lax;
                cookie.ExpireTimeSpan = TimeSpan.FromDays(30);
                cookie.Events.OnRedirectToLogin = AskToSignIn;
                cookie.Events.OnValidatePrincipal = context =>
                    context.HttpContext.RequestServices.GetRequiredService<TokenSignIn>().RecheckAsync(context);
            })
            .AddPolicyScheme(GalleryScheme, null, policy =>
            {
                // Without a cookie and without a token there is only who needs neither. A token is not looked at: only a form counts wrong ones.
                policy.ForwardDefaultSelector = context =>
                    context.Request.Cookies.ContainsKey(CookieName) || BearerTokenHandler.Sent(context.Request) is not null
                        ? CookieScheme
                        : BearerTokenHandler.SchemeName;
                policy.ForwardChallenge = CookieScheme;
            });

        // Read when somebody first opens the gallery: that keeps the start quick, and APIs that start together from each making a key.
        foreach (var reader in builder.Services.Where(service => service.ImplementationType?.Name == "DataProtectionHostedService").ToList())
            builder.Services.Remove(reader);
    }

    public static void MapSignIn(this IEndpointRouteBuilder pages)
    {
        pages.MapGet(Path, ShowAsync);
        pages.MapPost(Path, SignInAsync);
        pages.MapPost(OutPath, (Delegate)SignOutAsync);
    }

    /// <summary>Whether it was a cookie that let this caller in.</summary>
    public static bool IsSignedIn(ClaimsPrincipal caller) => caller.Identity?.AuthenticationType == CookieScheme;

    private static Task AskToSignIn(RedirectContext<CookieAuthenticationOptions> context)
    {
        var request = context.Request;
        if (context.HttpContext.GetEndpoint()?.Metadata.GetMetadata<IDisableCookieRedirectMetadata>() is not null)
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        else
            context.Response.Redirect(request.PathBase + Path + QueryString.Create(ReturnParameter, request.PathBase + request.Path + request.QueryString));
        return Task.CompletedTask;
    }

    private static async Task<IResult> ShowAsync(HttpContext context, string? to) =>
        (await context.AuthenticateAsync(CookieScheme)).Succeeded ? GoOn(context, to) : Show(to, problem: null);

    private static async Task<IResult> SignInAsync(HttpContext context, PostedForm form, TokenSignIn signIn)
    {
        var to = form.Fields[ReturnParameter].ToString();
        if (!form.IsOurs)
            return Show(to, PostedForm.TooOld);
        var (ticket, problem) = await signIn.TryAsync(context, form.Fields["token"].ToString().Trim());
        if (ticket is null)
            return Show(to, problem);
        await context.SignInAsync(CookieScheme, ticket.Principal, ticket.Properties);
        return GoOn(context, to);
    }

    private static async Task<SeeOther> SignOutAsync(HttpContext context)
    {
        // The form was made for whoever is signed in; here, no policy asks who that is.
        context.User = (await context.AuthenticateAsync(CookieScheme)).Principal ?? context.User;
        if ((await PostedForm.BindAsync(context)).IsOurs)
            await context.SignOutAsync(CookieScheme);
        return new SeeOther(Path);
    }

    private static RazorComponentResult<SignInPage> Show(string? to, string? problem) => new(new { To = to, Problem = problem });

    private static RedirectHttpResult GoOn(HttpContext context, string? to) =>
        TypedResults.LocalRedirect(RedirectHttpResult.IsLocalUrl(to) ? to : context.Request.PathBase + GallerySetup.Path);
}
