using Microsoft.Extensions.Options;

namespace McpImageGen.GenerationWorker.WorkersAi;

/// <summary>Reports invalid settings under the names that an operator sets. The token is never repeated.</summary>
internal sealed class WorkersAiOptionsValidator : IValidateOptions<WorkersAiOptions>
{
    private static readonly TimeSpan MinTimeout = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan MaxTimeout = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan MinWindow = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan MaxWindow = TimeSpan.FromMinutes(1);

    public ValidateOptionsResult Validate(string? name, WorkersAiOptions options)
    {
        var failures = Failures(options).ToList();
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private static IEnumerable<string> Failures(WorkersAiOptions options)
    {
        if (Credentials(options) is { } credentials)
            yield return credentials;

        if (GatewayToken(options) is { } gatewayToken)
            yield return gatewayToken;

        if (Uri.TryCreate(options.BaseUrl, UriKind.Absolute, out var address) && address.Scheme == Uri.UriSchemeHttp && WorkersAiOptions.IsCloudflare(address))
            yield return "WorkersAi__BaseUrl must start with https:// for Cloudflare; over http the token would be sent unencrypted.";

        if (!IsPlainHttpAddress(options.BaseUrl))
            yield return "WorkersAi__BaseUrl must be an absolute http or https address without user, query or fragment, for example https://api.cloudflare.com/client/v4/.";

        if (options.Timeout < MinTimeout || options.Timeout > MaxTimeout)
            yield return "WorkersAi__Timeout must be between 00:00:01 and 00:10:00.";

        if (options.RequestsPerMinute is < 0 or > 100_000)
            yield return "WorkersAi__RequestsPerMinute must be between 0 (no limit) and 100000.";

        if (options.RateWindow < MinWindow || options.RateWindow > MaxWindow)
            yield return "WorkersAi__RateWindow must be between 00:00:01 and 00:01:00.";
    }

    private static string? Credentials(WorkersAiOptions options)
    {
        var noAccount = string.IsNullOrWhiteSpace(options.AccountId) && !options.IsAiGateway;
        var noToken = string.IsNullOrWhiteSpace(options.ApiToken);
        return (noAccount, noToken) switch
        {
            (true, true) => "WorkersAi__AccountId and WorkersAi__ApiToken are not set. Set them to the Cloudflare account id and an API token with the permission Workers AI Read.",
            (true, false) => "WorkersAi__AccountId is not set, but WorkersAi__ApiToken is. Set WorkersAi__AccountId to the Cloudflare account id.",
            (false, true) => "WorkersAi__ApiToken is not set. Set it to an API token of the Cloudflare account with the permission Workers AI Read.",
            _ when !IsHeaderValue(options.ApiToken) => "WorkersAi__ApiToken contains whitespace or an invalid character.",
            _ => null,
        };
    }

    private static string? GatewayToken(WorkersAiOptions options)
    {
        if (!IsHeaderValue(options.GatewayToken))
            return "WorkersAi__GatewayToken contains whitespace or an invalid character.";
        return options.GatewayToken.Length == 0 || options.IsAiGateway
            ? null
            : "WorkersAi__GatewayToken is set, but WorkersAi__BaseUrl is not the address of an AI Gateway, which ends in /workers-ai. Set WorkersAi__BaseUrl to it, or remove WorkersAi__GatewayToken.";
    }

    /// <summary>A line break at the end of a secret file is the usual reason why it is not; it would make every call fail.</summary>
    private static bool IsHeaderValue(string token) => token.All(character => character is > ' ' and <= '~');

    private static bool IsPlainHttpAddress(string? address) =>
        Uri.TryCreate(address, UriKind.Absolute, out var uri)
        && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps)
        && uri.UserInfo.Length == 0 && uri.Query.Length == 0 && uri.Fragment.Length == 0;
}
