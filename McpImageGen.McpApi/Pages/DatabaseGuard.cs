using McpImageGen.Jobs.Database;
using Microsoft.AspNetCore.Http.HttpResults;

namespace McpImageGen.McpApi.Pages;

/// <summary>Shows an error page if a page needs the database and it is not available.</summary>
internal sealed partial class DatabaseGuard(RequestDelegate next, JobsDatabase database, ILogger<DatabaseGuard> logger)
{
    private const string SecondsUntilNextTry = "5";

    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
        }
        catch (Exception exception) when (!context.Response.HasStarted && database.IsUnavailable(exception))
        {
            Log.DatabaseUnavailable(logger, context.Request.Path, exception.GetBaseException().Message);
            context.Response.Headers.ContentSecurityPolicy = PagesSetup.ContentSecurityPolicy;
            context.Response.Headers.RetryAfter = SecondsUntilNextTry;
            await new RazorComponentResult<DatabaseUnavailablePage> { StatusCode = StatusCodes.Status503ServiceUnavailable }.ExecuteAsync(context);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "Page {Page} could not reach the database: {Reason}")]
        public static partial void DatabaseUnavailable(ILogger logger, string page, string reason);
    }
}
