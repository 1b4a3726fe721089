using Microsoft.Extensions.Options;

namespace McpImageGen.GenerationWorker.WorkersAi;

/// <summary>Says what is wrong with the settings by the names that an operator sets, and never repeats the token.</summary>
internal sealed class WorkersAiOptionsValidator : IValidateOptions<WorkersAiOptions>
{
    private static readonly TimeSpan ShortestTimeout = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestTimeout = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan ShortestWindow = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestWindow = TimeSpan.FromMinutes(1);

    public ValidateOptionsResult Validate(string? name, WorkersAiOptions options)
    {
        var failures = Failures(options).ToList();
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private static IEnumerable<string> Failures(WorkersAiOptions options)
    {
        if (Credentials(options) is { } credentials)
            yield return credentials;

        if (!IsPlainHttpAddress(options.BaseUrl))
            yield return "WorkersAi__BaseUrl must be an absolute http or https address without user, query or fragment, for instance https://api.cloudflare.com/client/v4/.";

        if (options.Timeout < ShortestTimeout || options.Timeout > LongestTimeout)
            yield return "WorkersAi__Timeout must be from 00:00:01 to 00:10:00.";

        if (options.RequestsPerMinute is < 0 or > 100_000)
            yield return "WorkersAi__RequestsPerMinute must be from 0 (no limit) to 100000.";

        if (options.RateWindow < ShortestWindow || options.RateWindow > LongestWindow)
            yield return "WorkersAi__RateWindow must be from 00:00:01 to 00:01:00.";
    }

    private static string? Credentials(WorkersAiOptions options)
    {
        var noAccount = string.IsNullOrWhiteSpace(options.AccountId) && !options.IsAiGateway;
        var noToken = string.IsNullOrWhiteSpace(options.ApiToken);
        return (noAccount, noToken) switch
        {
            (true, true) => "WorkersAi__AccountId and WorkersAi__ApiToken are not set: they are the Cloudflare account's id and an API token with the permission Workers AI Read.",
            (true, false) => "WorkersAi__AccountId is not set, but WorkersAi__ApiToken is: set WorkersAi__AccountId to the Cloudflare account's id.",
            (false, true) => "WorkersAi__ApiToken is not set: set it to an API token of the Cloudflare account with the permission Workers AI Read.",
            // A line break at the end of a secret's file is the usual cause; as a header it would fail on every call.
            _ when options.ApiToken.Any(character => character is <= ' ' or > '~') =>
                "WorkersAi__ApiToken contains white space or a character that no token has.",
            _ => null,
        };
    }

    private static bool IsPlainHttpAddress(string? address) =>
        Uri.TryCreate(address, UriKind.Absolute, out var uri)
        && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps)
        && uri.UserInfo.Length == 0 && uri.Query.Length == 0 && uri.Fragment.Length == 0;
}
