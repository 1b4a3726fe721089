namespace McpImageGen.McpApi.Pages.SignIn;

/// <summary>
/// As metadata of an endpoint: it handles a sign-in whose session could not be checked, because the database is not available, without showing or changing
/// anything of the owner's. As a feature of a request: this is such a sign-in.
/// </summary>
internal sealed class UncheckedSession
{
    public static UncheckedSession Instance { get; } = new();

    public static bool IsIn(HttpContext context) => context.Features.Get<UncheckedSession>() is not null;
}
