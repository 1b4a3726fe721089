using System.Text.RegularExpressions;
using McpImageGen.Contracts;
using static McpImageGen.GenerationWorker.WorkersAi.WorkersAiFailureKind;

namespace McpImageGen.GenerationWorker.WorkersAi;

/// <summary>
/// Maps each response without an image to a failure; the first matching row wins. Source: Cloudflare's list of Workers AI errors
/// (https://developers.cloudflare.com/workers-ai/platform/errors/) and observed responses. Rows match on the status as well as the code
/// because Cloudflare reuses codes: 8007 and 3030, for example, are used for any bad request that a model reports.
/// </summary>
internal static partial class ErrorTable
{
    private sealed record Row(Func<ErrorResponse, bool> Fits, Func<ErrorResponse, WorkersAiFailure> Failure);

    private static readonly Row[] Rows =
    [
        // Guardrails of an AI Gateway, under whatever status.
        new(a => a.Has(2016),
            a => Never(ErrorCode.PromptRejected, $"The AI Gateway's guardrails refused the prompt ({a.Label}). Change the prompt.")),
        new(a => a.Has(2017), OutputWithheld),

        new(a => a.Is(429) && (a.Has(3036, 4006) || a.Says("daily free allocation")), QuotaIsUsedUp),
        new(a => a.Is(429) && a.Has(3040), a => TryAgain(a, ErrorCode.CapacityExceeded, "The model has no free capacity")),
        new(a => a.Status == 429, a => TryAgain(a, ErrorCode.RateLimited, "The account's Workers AI rate limit was exceeded")),
        new(a => a.Status is 408 or 504 or 524 || a.Has(3007, 3008),
            a => TryAgain(a, ErrorCode.ProviderTimeout, "Workers AI timed out")),
        new(a => a.Status >= 500, a => TryAgain(a, ErrorCode.ProviderError, "Workers AI had an internal error")),

        // Cloudflare's edge refuses with a page before Workers AI sees the request: this says nothing about the credentials.
        new(a => a.Status is 401 or 402 or 403 && a.IsPage, a => TryAgain(a, ErrorCode.ProviderError, "Cloudflare's edge refused the request with a web page")),

        // Only a gateway has this code: whatever the API token is, it was not looked at.
        new(a => a.Has(2009), GatewayTokenRefused),
        // 6003: the token is malformed. 9109, 10001: the token does not belong to this account.
        new(a => a.Status is 401 or 402 or 403 || a.Has(10000, 10001, 9109, 6003, 5018, 5016, 3023, 3041, 5035), CredentialsRefused),
        new(a => a.Has(7000, 7003), AccountNotFound),
        new(a => a.Is(400) && a.Has(5007) || a.Is(404) && a.Has(3042), ModelNotFound),
        new(a => a.Status is 404 or (>= 300 and < 400), NothingThere),
        new(a => a.Status == 413 || a.Has(3006),
            a => Never(ErrorCode.RequestTooLarge, $"The request exceeds the size limit of Workers AI ({a.Label}). Shorten the prompt.")),

        new(a => a.Is(400) && a.Has(5004, 5006, 3003), InvalidRequest),
        new(a => a.Is(400) && (a.Has(3030) && a.Message.Length == 0 || SpeaksOfSafety(a) && a.Says("output")), OutputWithheld),
        new(a => a.Is(400) && SpeaksOfSafety(a),
            a => Never(ErrorCode.PromptRejected, $"Workers AI refused the prompt as unsafe ({a.Label}). Change the prompt.")),
        new(a => a.Status >= 400 || a.Has(8007, 3030), InvalidRequest),

        new(_ => true, a => TryAgain(a, ErrorCode.BrokenAnswer, a.Problem)),
    ];

    public static WorkersAiFailure FailureOf(ErrorResponse answer) => Rows.First(row => row.Fits(answer)).Failure(answer);

    private static WorkersAiFailure TryAgain(ErrorResponse answer, string code, string whatHappened) =>
        new(Transient, code, $"{whatHappened} ({answer.Label}).", answer.RetryAfter);

    private static WorkersAiFailure Never(string code, string message) => new(Permanent, code, message);

    private static WorkersAiFailure TheOperatorMustAct(string code, string message) => Never(code, message) with { OperatorMustAct = true };

    private static WorkersAiFailure QuotaIsUsedUp(ErrorResponse answer) => new(
        QuotaUsedUp, ErrorCode.QuotaUsedUp,
        $"The Workers AI account has used up its daily quota of neurons ({answer.Label}). The job will be retried automatically after 00:00 UTC, when the quota is reset; the operator can lift the limit with a paid plan.",
        answer.At.UtcDateTime.Date.AddDays(1) - answer.At.UtcDateTime);

    private static WorkersAiFailure OutputWithheld(ErrorResponse answer) => new(
        OutputRejected, ErrorCode.OutputRejected,
        $"Workers AI generated an image but withheld it as unsafe ({answer.Label}). Try again, or change the prompt.");

    private static WorkersAiFailure CredentialsRefused(ErrorResponse answer) => TheOperatorMustAct(
        ErrorCode.CredentialsRejected,
        $"Workers AI refused this server's credentials, permissions or plan ({answer.Label}). The operator must check WorkersAi__ApiToken (permission Workers AI Read), WorkersAi__AccountId and the account's plan.");

    private static WorkersAiFailure GatewayTokenRefused(ErrorResponse answer) => TheOperatorMustAct(
        ErrorCode.CredentialsRejected,
        $"The AI Gateway requires authentication and refused this server's gateway token ({answer.Label}). The operator must set WorkersAi__GatewayToken to a token of the gateway with the permission AI Gateway Run.");

    private static WorkersAiFailure AccountNotFound(ErrorResponse answer) => TheOperatorMustAct(
        ErrorCode.CredentialsRejected,
        $"Cloudflare could not find the account ({answer.Label}). The operator must check WorkersAi__AccountId and WorkersAi__BaseUrl.");

    private static WorkersAiFailure ModelNotFound(ErrorResponse answer) =>
        Never(ErrorCode.ModelUnavailable, $"Workers AI no longer offers this model ({answer.Label}). Choose another model.");

    private static WorkersAiFailure NothingThere(ErrorResponse answer) => TheOperatorMustAct(
        ErrorCode.ModelUnavailable,
        $"There is no model at the configured Workers AI address ({answer.Label}). The operator must check WorkersAi__BaseUrl; choosing another model does not help.");

    private static WorkersAiFailure InvalidRequest(ErrorResponse answer) => Never(
        ErrorCode.InvalidRequest,
        answer.Reason is { } reason
            ? $"Workers AI refused the request ({answer.Label}): {reason}. Change the prompt or the parameters."
            : $"Workers AI refused the request ({answer.Label}). Change the prompt or the parameters.");

    private static bool SpeaksOfSafety(ErrorResponse answer) => Safety().IsMatch(answer.Message);

    [GeneratedRegex(@"\b(nsfw|flagged|safety|unsafe|inappropriate|moderation|content policy)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Safety();
}
