using System.Security.Claims;

namespace McpImageGen.McpApi.Auth;

/// <summary>The caller of the current request.</summary>
internal sealed class Caller(IHttpContextAccessor http)
{
    /// <summary>The owner whose jobs the caller can access.</summary>
    /// <exception cref="InvalidOperationException">There is no authenticated request; this is a bug in the program.</exception>
    public string Owner => http.HttpContext?.User.FindFirstValue(ClaimTypes.NameIdentifier)
        ?? throw new InvalidOperationException("No authenticated caller.");
}
