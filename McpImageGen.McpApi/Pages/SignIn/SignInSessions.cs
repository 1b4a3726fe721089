using System.Security.Claims;
using McpImageGen.Jobs.Database;
using Microsoft.EntityFrameworkCore;

namespace McpImageGen.McpApi.Pages.SignIn;

/// <summary>The sign-ins that have not ended, in the job database, so that a sign-out ends one in every API process.</summary>
internal sealed class SignInSessions(WriteExecutor writes, IDbContextFactory<JobsDbContext> contexts)
{
    /// <summary>How long a sign-in lasts at most.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(30);

    /// <summary>How many sign-ins of one owner are kept; a further one ends the oldest.</summary>
    private const int MaxPerOwner = 100;

    private const string SessionClaim = "session";

    /// <summary>The session of a signed-in user; null if the user is not signed in.</summary>
    public static Guid? IdOf(ClaimsPrincipal? user) => Guid.TryParseExact(user?.FindFirstValue(SessionClaim), "N", out var id) ? id : null;

    /// <summary>Begins a session and adds it to the user, before the cookie is made.</summary>
    public async Task BeginAsync(ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        var owner = user.FindFirstValue(ClaimTypes.NameIdentifier)!;
        var id = Guid.NewGuid();
        await writes.ExecuteAsync(
            async context =>
            {
                var milliseconds = (long)Longest.TotalMilliseconds;
                await context.Database.ExecuteSqlAsync($"""
                    DELETE FROM sign_ins WHERE owner = {owner} AND id NOT IN
                        (SELECT id FROM sign_ins WHERE owner = {owner} ORDER BY expires_at DESC LIMIT {MaxPerOwner - 1})
                    """, cancellationToken);
                return await context.Database.ExecuteSqlAsync(
                    $"INSERT INTO sign_ins (id, owner, expires_at) VALUES ({id}, {owner}, now_ms() + {milliseconds})", cancellationToken);
            },
            cancellationToken);
        ((ClaimsIdentity)user.Identity!).AddClaim(new Claim(SessionClaim, id.ToString("N")));
    }

    /// <summary>Whether a session was begun and not ended.</summary>
    public async Task<bool> IsOpenAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.SignIns.AnyAsync(row => row.Id == id, cancellationToken);
    }

    /// <summary>Ends a session. Every copy of its cookie is invalid from now on.</summary>
    public Task EndAsync(Guid id, CancellationToken cancellationToken) =>
        writes.ExecuteAsync(context => context.SignIns.Where(row => row.Id == id).ExecuteDeleteAsync(cancellationToken), cancellationToken);
}

/// <summary>
/// As metadata of an endpoint: it handles a sign-in whose session could not be checked, because the database is not available, without showing or changing
/// anything of the owner's. As a feature of a request: this is such a sign-in.
/// </summary>
internal sealed class UncheckedSession
{
    public static UncheckedSession Instance { get; } = new();

    public static bool IsIn(HttpContext context) => context.Features.Get<UncheckedSession>() is not null;
}
