namespace McpImageGen.McpApi.Transport;

/// <summary>
/// Answers a request whose body the web server refused while it was read, for example because it is too large or incomplete, with the status of the refusal.
/// Without this, any client could make the web server log an unhandled exception.
/// </summary>
internal sealed class BadRequestGuard(RequestDelegate next)
{
    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
        }
        catch (BadHttpRequestException exception) when (!context.Response.HasStarted)
        {
            context.Response.Clear();
            context.Response.StatusCode = exception.StatusCode;
            context.Response.Headers.Connection = "close"; // the rest of the body is not read
        }
    }
}
