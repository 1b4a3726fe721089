using System.Security.Cryptography;
using System.Text;
using McpImageGen.Jobs.Database;
using Microsoft.EntityFrameworkCore;

namespace McpImageGen.McpApi.Pages.SignIn;

/// <summary>
/// The names of the cookies. Browsers send cookies to every port of a host, so the names contain a hash of the job database's address:
/// servers with different databases on one host do not overwrite each other's cookies, and all API processes of one system share theirs.
/// </summary>
internal sealed class CookieNames
{
    public CookieNames(IDbContextFactory<JobsDbContext> contexts)
    {
        using var context = contexts.CreateDbContext();
        var connection = context.Database.GetDbConnection();
        var address = Encoding.UTF8.GetBytes($"{connection.DataSource}\n{connection.Database}");
        SignIn = "mcpimagegen-" + Convert.ToHexStringLower(SHA256.HashData(address))[..8];
        Form = SignIn + ".form";
    }

    /// <summary>The cookie of a signed-in user.</summary>
    public string SignIn { get; }

    /// <summary>The cookie that the forms of the pages are checked with.</summary>
    public string Form { get; }
}
