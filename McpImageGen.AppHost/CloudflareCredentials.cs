namespace McpImageGen.AppHost;

/// <summary>
/// Cloudflare's credentials of a system that was started without: both are empty, until a person gives them in the dashboard.
/// </summary>
internal sealed class CloudflareCredentials(ParameterResource accountId, ParameterResource apiToken) : IDisposable
{
    private readonly CancellationTokenSource _found = new();

    public ParameterResource AccountId => accountId;

    public ParameterResource ApiToken => apiToken;

    /// <summary>Ends what asks for them, when they were found to be given.</summary>
    public CancellationToken Found => _found.Token;

    /// <summary>
    /// What is given now; null for nothing. A person may have set or deleted one of them alone: then the other is empty, and a worker says of
    /// itself that it can't start with that.
    /// </summary>
    public async Task<(string AccountId, string ApiToken)?> ReadAsync(CancellationToken cancellationToken)
    {
        var (account, token) = (await ReadAsync(accountId, cancellationToken), await ReadAsync(apiToken, cancellationToken));
        if (account.Length == 0 && token.Length == 0)
            return null;
        await _found.CancelAsync();
        return (account, token);
    }

    public void Dispose() => _found.Dispose();

    private static async Task<string> ReadAsync(ParameterResource parameter, CancellationToken cancellationToken)
    {
        try
        {
            return await parameter.GetValueAsync(cancellationToken) ?? "";
        }
        catch (MissingParameterValueException)
        {
            return ""; // it was deleted in the dashboard
        }
    }
}
