using Microsoft.AspNetCore.Http.HttpResults;

namespace McpImageGen.McpApi.Auth;

/// <summary>
/// Answers clients that try to sign in to a server without an identity provider. Some do so when their token is rejected: they register
/// themselves (RFC 7591) at the default path that OAuth clients use if there is no metadata, and show their user the error from there.
/// </summary>
internal static class NoSignIn
{
    private const string Path = "/register";

    public static void MapNoSignIn(this IEndpointRouteBuilder endpoints, JwtOptions jwt)
    {
        if (jwt.Authority is null)
            endpoints.MapPost(Path, Refuse);
    }

    private static BadRequest<Dictionary<string, string>> Refuse() => TypedResults.BadRequest(new Dictionary<string, string>
    {
        ["error"] = "invalid_client_metadata",
        ["error_description"] =
            "This server does not support sign-in. The bearer token is missing or is not valid for this server: "
            + "check the header 'Authorization: Bearer TOKEN', and check that you copied the complete token.",
    });
}
