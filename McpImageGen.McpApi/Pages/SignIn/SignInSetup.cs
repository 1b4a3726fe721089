using McpImageGen.Jobs.Database;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http.HttpResults;

namespace McpImageGen.McpApi.Pages.SignIn;

/// <summary>
/// Lets a person in who has a token, and remembers that in a cookie. Its keys lie in the jobs' database, so a sign-in at one API holds at
/// every other, and outlives a restart.
/// </summary>
internal static class SignInSetup
{
    public const string Path = "/gallery/sign-in";
    public const string OutPath = "/gallery/sign-out";

    public const string Scheme = "Gallery";
    private const string Gallery = "/gallery";

    /// <summary>Who may see the gallery: whoever has signed in.</summary>
    public static readonly AuthorizationPolicy SignedIn = new AuthorizationPolicyBuilder(Scheme).RequireAuthenticatedUser().Build();

    public static void AddSignIn(this IHostApplicationBuilder builder)
    {
        builder.Services.AddDataProtection().SetApplicationName("McpImageGen").PersistKeysToDbContext<JobsDbContext>();
        // The keys lie where the jobs lie, as safe as these; and what goes wrong with them is the database's, said by others.
        builder.Logging.AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Critical);
        builder.Services.AddAntiforgery(antiforgery => antiforgery.Cookie.Name = "mcpimagegen.form");
        builder.Services.AddSingleton<TokenSignIn>();
        new AuthenticationBuilder(builder.Services).AddCookie(Scheme, cookie =>
        {
            cookie.Cookie.Name = "mcpimagegen";
            cookie.Cookie.HttpOnly = true;
            cookie.Cookie.SameSite = SameSiteMode.Lax;
            cookie.LoginPath = Path;
            cookie.ReturnUrlParameter = "to";
            cookie.ExpireTimeSpan = TimeSpan.FromDays(30);
            cookie.Events.OnValidatePrincipal = context =>
                context.HttpContext.RequestServices.GetRequiredService<TokenSignIn>().RecheckAsync(context);
        });
    }

    public static void MapSignIn(this IEndpointRouteBuilder pages)
    {
        pages.MapGet(Path, (string? to) => Show(to, problem: null));
        pages.MapPost(Path, SignInAsync);
        pages.MapPost(OutPath, SignOutAsync);
    }

    private static async Task<IResult> SignInAsync(HttpContext context, TokenSignIn signIn, IAntiforgery antiforgery)
    {
        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        var to = form["to"].ToString();
        if (!await antiforgery.IsRequestValidAsync(context))
            return Show(to, "This page was too old. Please try again.");
        var (ticket, problem) = await signIn.TryAsync(context, form["token"].ToString().Trim());
        if (ticket is null)
            return Show(to, problem);
        await context.SignInAsync(Scheme, ticket.Principal, ticket.Properties);
        return TypedResults.LocalRedirect(IsLocal(to) ? "~" + to : "~" + Gallery);
    }

    private static async Task<IResult> SignOutAsync(HttpContext context, IAntiforgery antiforgery)
    {
        // The form was made for whoever is signed in; here, no policy asks who that is.
        context.User = (await context.AuthenticateAsync(Scheme)).Principal ?? context.User;
        if (await antiforgery.IsRequestValidAsync(context))
            await context.SignOutAsync(Scheme);
        return TypedResults.LocalRedirect("~" + Path);
    }

    private static RazorComponentResult<SignInPage> Show(string? to, string? problem) =>
        new(new { To = IsLocal(to) ? to : Gallery, Problem = problem });

    private static bool IsLocal(string? path) => path is ['/', not '/' and not '\\', ..];
}
