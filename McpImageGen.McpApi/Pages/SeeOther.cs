namespace McpImageGen.McpApi.Pages;

/// <summary>Redirects to a page of this server after a form was posted, so that a reload does not post it again.</summary>
/// <param name="Path">The target path, without the path base.</param>
internal sealed record SeeOther(string Path) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.StatusCode = StatusCodes.Status303SeeOther;
        httpContext.Response.Headers.Location = httpContext.Request.PathBase + Path;
        return Task.CompletedTask;
    }
}
