using System.Security.Claims;
using McpImageGen.Jobs.Database;
using McpImageGen.McpApi.Auth;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Http.Metadata;

namespace McpImageGen.McpApi.Pages.SignIn;

/// <summary>
/// Signs in a person with a token and stores the sign-in in a cookie. The data protection keys are in the job database, so a sign-in is valid
/// in every API process and after a restart.
/// </summary>
internal static class SignInSetup
{

    /// <summary>The authentication scheme of signed-in users.</summary>
    public const string CookieScheme = "Cookie";

    private const string GalleryScheme = "Gallery";
    private const string ReturnParameter = "to";

    /// <summary>The policy of the gallery: signed-in users, and callers on this machine if they can call without a token.</summary>
    public static readonly AuthorizationPolicy SignedIn = new AuthorizationPolicyBuilder(GalleryScheme).RequireAuthenticatedUser().Build();

    public static void AddSignIn(this IHostApplicationBuilder builder)
    {
        builder.Services.AddDataProtection().SetApplicationName("McpImageGen").PersistKeysToDbContext<JobsDbContext>();
        // The keys are stored in the job database and are as safe as the jobs; database errors are logged elsewhere.
        builder.Logging.AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Critical);

        // It warns about each page with a form, whose Cache-Control it makes stricter, and logs each invalid cookie of a client as an error.
        builder.Logging.AddFilter("Microsoft.AspNetCore.Antiforgery", LogLevel.Critical);
        builder.Services.AddAntiforgery(antiforgery =>
        {
            antiforgery.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        });
        builder.Services.AddOptions<AntiforgeryOptions>().Configure<CookieNames>((antiforgery, names) => antiforgery.Cookie.Name = names.Form);
        builder.Services.AddOptions<CookieAuthenticationOptions>(CookieScheme).Configure<CookieNames>((cookie, names) => cookie.Cookie.Name = names.SignIn);
        builder.Services.AddSingleton<CookieNames>();
        builder.Services.AddSingleton<SignInSessions>();
        builder.Services.AddSingleton<TokenSignIn>();
        new AuthenticationBuilder(builder.Services)
            .AddCookie(CookieScheme, cookie =>
            {
                cookie.Cookie.SameSite = SameSiteMode.Lax;
                cookie.ExpireTimeSpan = SignInSessions.Longest;
                cookie.SlidingExpiration = false;
                cookie.Events.OnRedirectToLogin = AskToSignIn;
                cookie.Events.OnValidatePrincipal = context =>
                    context.HttpContext.RequestServices.GetRequiredService<TokenSignIn>().RecheckAsync(context);
            })
            .AddPolicyScheme(GalleryScheme, null, policy =>
            {
                // Only a request without a cookie and without a token can be anonymous. The token is not checked here: only the sign-in form counts invalid tokens.
                policy.ForwardDefaultSelector = context =>
                    context.Request.Cookies.ContainsKey(context.RequestServices.GetRequiredService<CookieNames>().SignIn) || BearerTokenHandler.Sent(context.Request) is not null
                        ? CookieScheme
                        : BearerTokenHandler.SchemeName;
                policy.ForwardChallenge = CookieScheme;
            });

        // The keys are read when the gallery is first opened: this keeps the start fast and prevents API processes that start together from each creating a key.
        foreach (var reader in builder.Services.Where(service => service.ImplementationType?.Name == "DataProtectionHostedService").ToList())
            builder.Services.Remove(reader);
    }

    public static void MapSignIn(this IEndpointRouteBuilder pages)
    {
        pages.MapGet(PagePaths.SignIn, ShowAsync);
        pages.MapPost(PagePaths.SignIn, SignInAsync);
        pages.MapPost(PagePaths.SignOut, SignOutAsync);
    }

    /// <summary>Whether the caller is authenticated by the cookie.</summary>
    public static bool IsSignedIn(ClaimsPrincipal caller) => caller.Identity?.AuthenticationType == CookieScheme;

    private static Task AskToSignIn(RedirectContext<CookieAuthenticationOptions> context)
    {
        var request = context.Request;
        if (context.HttpContext.GetEndpoint()?.Metadata.GetMetadata<IDisableCookieRedirectMetadata>() is not null)
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        else
            context.Response.Redirect(request.PathBase + PagePaths.SignIn + QueryString.Create(ReturnParameter, request.PathBase + request.Path + request.QueryString));
        return Task.CompletedTask;
    }

    private static async Task<IResult> ShowAsync(HttpContext context, string? to) =>
        (await context.AuthenticateAsync(CookieScheme)).Succeeded ? GoOn(context, to) : Show(to, error: null);

    private static async Task<IResult> SignInAsync(HttpContext context, PostedForm form, TokenSignIn signIn, SignInSessions sessions)
    {
        var to = form.Fields[ReturnParameter].ToString();
        if (!form.IsOurs)
            return Show(to, PostedForm.TooOld);
        var (ticket, error) = await signIn.TryAsync(context, form.Fields["token"].ToString().Trim());
        if (ticket is null)
            return Show(to, error);
        await sessions.BeginAsync(ticket.Principal, context.RequestAborted);
        await context.SignInAsync(CookieScheme, ticket.Principal, ticket.Properties);
        return GoOn(context, to);
    }

    private static async Task<SeeOther> SignOutAsync(HttpContext context, SignInSessions sessions)
    {
        // The form is bound to the signed-in user; this endpoint has no policy that authenticates the user.
        context.User = (await context.AuthenticateAsync(CookieScheme)).Principal ?? context.User;
        if (!(await PostedForm.BindAsync(context)).IsOurs)
            return new SeeOther(PagePaths.SignIn);
        if (SignInSessions.IdOf(context.User) is { } session)
            await sessions.EndAsync(session, context.RequestAborted);
        await context.SignOutAsync(CookieScheme);
        return new SeeOther(PagePaths.SignIn);
    }

    private static RazorComponentResult<SignInPage> Show(string? to, string? error) => new(new { To = to, Error = error });

    private static RedirectHttpResult GoOn(HttpContext context, string? to) =>
        TypedResults.LocalRedirect(RedirectHttpResult.IsLocalUrl(to) ? to : context.Request.PathBase + PagePaths.Gallery);
}
