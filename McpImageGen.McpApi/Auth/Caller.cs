using System.Security.Claims;

namespace McpImageGen.McpApi.Auth;

/// <summary>Who makes the request under way.</summary>
internal sealed class Caller(IHttpContextAccessor http)
{
    /// <summary>The owner whose jobs the caller may see.</summary>
    /// <exception cref="InvalidOperationException">There is no authenticated request; a mistake in this program.</exception>
    public string Owner => http.HttpContext?.User.FindFirstValue(ClaimTypes.NameIdentifier)
        ?? throw new InvalidOperationException("No authenticated caller.");
}
