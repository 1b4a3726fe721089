namespace McpImageGen.AppHost;

/// <summary>
/// The Cloudflare credentials of a system that was started without them: both are empty until they are entered in the dashboard.
/// </summary>
internal sealed class CloudflareCredentials(ParameterResource accountId, ParameterResource apiToken) : IDisposable
{
    private readonly CancellationTokenSource _found = new();

    public ParameterResource AccountId => accountId;

    public ParameterResource ApiToken => apiToken;

    /// <summary>Cancelled once credentials have been entered, to close the prompt for them.</summary>
    public CancellationToken Found => _found.Token;

    /// <summary>
    /// Returns the current credentials; null if both are empty. If only one was set or deleted, the other is empty, and the worker itself
    /// reports that it cannot start with that.
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
            return ""; // deleted in the dashboard
        }
    }
}
