using McpImageGen.Contracts;
using McpImageGen.Contracts.Models;
using McpImageGen.GenerationWorker.WorkersAi;
using Microsoft.Extensions.Logging;
using static McpImageGen.GenerationWorker.WorkersAi.WorkersAiFailureKind;

namespace McpImageGen.Tests.WorkersAi;

/// <summary>Every row of the table of errors, over real HTTP.</summary>
public sealed class WorkersAiErrorTableTests
{
    private const string RequestId = "de3fabb0-569c-4e72-bec9-fedd0de629b3";

    public static TheoryData<int, int, string, WorkersAiFailureKind, string> Rows => new()
    {
        { 429, 3036, "you have used up your daily free allocation of 10,000 neurons", QuotaUsedUp, ErrorCode.QuotaUsedUp },
        { 429, 4006, "you have used up your daily free allocation of 10,000 neurons", QuotaUsedUp, ErrorCode.QuotaUsedUp },
        { 429, 9999, "you have used up your daily free allocation of 10,000 neurons", QuotaUsedUp, ErrorCode.QuotaUsedUp },
        { 200, 4006, "used up", QuotaUsedUp, ErrorCode.QuotaUsedUp },
        { 429, 3040, "Capacity temporarily exceeded, please try again.", Transient, ErrorCode.CapacityExceeded },
        { 429, 9999, "Slow down", Transient, ErrorCode.RateLimited },
        { 408, 3007, "Request timeout", Transient, ErrorCode.ProviderTimeout },
        { 408, 3008, "Request was aborted", Transient, ErrorCode.ProviderTimeout },
        { 504, 9999, "Gateway timeout", Transient, ErrorCode.ProviderTimeout },
        { 500, 9999, "Internal server error", Transient, ErrorCode.ProviderError },
        { 503, 10000, "Authentication is down", Transient, ErrorCode.ProviderError },
        { 400, 8007, "Input prompt contains NSFW content", Permanent, ErrorCode.PromptRejected },
        { 400, 3030, "Input prompt contains NSFW content", Permanent, ErrorCode.PromptRejected },
        { 400, 8007, "Your prompt has been flagged.", Permanent, ErrorCode.PromptRejected },
        { 400, 8007, "width must be divisible by 8", Permanent, ErrorCode.InvalidRequest },
        { 400, 3030, "Sequence too long: 9003 > 8192", Permanent, ErrorCode.InvalidRequest },
        { 400, 3030, "Your output has been flagged. Please choose another prompt.", OutputRejected, ErrorCode.OutputRejected },
        { 400, 3030, "", OutputRejected, ErrorCode.OutputRejected },
        { 400, 5004, "Invalid data type for base64 input", Permanent, ErrorCode.InvalidRequest },
        { 400, 5006, "Error: oneOf at '/' not met, 'safety' is unknown", Permanent, ErrorCode.InvalidRequest },
        { 400, 3003, "Request is missing headers or body", Permanent, ErrorCode.InvalidRequest },
        { 422, 9999, "Unprocessable", Permanent, ErrorCode.InvalidRequest },
        { 400, 5007, "No such model @cf/a/b or task", Permanent, ErrorCode.ModelUnavailable },
        { 404, 3042, "The model name is invalid", Permanent, ErrorCode.ModelUnavailable },
        { 404, 9999, "Not found", Permanent, ErrorCode.ModelUnavailable },
        { 401, 10000, "Authentication error", Permanent, ErrorCode.CredentialsRejected },
        { 403, 10000, "Authentication error", Permanent, ErrorCode.CredentialsRejected },
        { 401, 2009, "Unauthorized", Permanent, ErrorCode.CredentialsRejected },
        { 403, 5018, "The account is not allowed to access this model", Permanent, ErrorCode.CredentialsRejected },
        { 403, 5016, "User has not agreed to the model's terms", Permanent, ErrorCode.CredentialsRejected },
        { 403, 3023, "Service unavailable for account", Permanent, ErrorCode.CredentialsRejected },
        { 403, 3041, "The account is not allowed to access this model", Permanent, ErrorCode.CredentialsRejected },
        { 403, 5035, "This model needs a paid plan", Permanent, ErrorCode.CredentialsRejected },
        { 400, 5018, "The account is not allowed to access this model", Permanent, ErrorCode.CredentialsRejected },
        { 400, 3041, "The account is not allowed to access this model", Permanent, ErrorCode.CredentialsRejected },
        { 400, 6003, "Invalid request headers", Permanent, ErrorCode.CredentialsRejected },
        { 404, 7003, "Could not route to /accounts/" + ClientHost.Account, Permanent, ErrorCode.CredentialsRejected },
        { 413, 3006, "Request is too large", Permanent, ErrorCode.RequestTooLarge },
        { 424, 2016, "Prompt blocked due to security configurations", Permanent, ErrorCode.PromptRejected },
        { 424, 2017, "Response blocked due to security configurations", OutputRejected, ErrorCode.OutputRejected },
        { 400, 2016, "Prompt blocked due to security configurations", Permanent, ErrorCode.PromptRejected },
        { 403, 2017, "Response blocked due to security configurations", OutputRejected, ErrorCode.OutputRejected },
        { 200, 9999, "Something", Transient, ErrorCode.BrokenAnswer },
    };

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task Provider_error_is_classified_by_status_and_code(int status, int code, string message, WorkersAiFailureKind kind, string expected)
    {
        await using var provider = await ScriptedProvider.AnsweringAsync(status, "application/json", Envelope(code, message));
        using var host = new ClientHost(provider.Address);

        var failure = await host.FailAsync();

        Assert.Equal((kind, expected), (failure.Kind, failure.Code));
        Assert.DoesNotContain(RequestId, failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("AiError", failure.Message, StringComparison.Ordinal);
        Assert.Single(provider.Received);
    }

    [Theory]
    [InlineData(429, "text/plain", "error code: 1015", Transient, ErrorCode.RateLimited)]
    [InlineData(429, "text/html", "<!DOCTYPE html><title>NSFW</title>", Transient, ErrorCode.RateLimited)]
    [InlineData(403, "text/html", "<!DOCTYPE html><title>Attention Required! | Cloudflare</title>", Transient, ErrorCode.ProviderError)]
    [InlineData(401, "text/html", "\n<html>Access</html>", Transient, ErrorCode.ProviderError)]
    [InlineData(403, "text/plain", "error code: 1020", Permanent, ErrorCode.CredentialsRejected)]
    [InlineData(502, "text/html", "<html>Bad gateway</html>", Transient, ErrorCode.ProviderError)]
    [InlineData(524, "text/plain", "error code: 524", Transient, ErrorCode.ProviderTimeout)]
    [InlineData(500, "application/json", "{\"errors\":[{\"mess", Transient, ErrorCode.ProviderError)]
    [InlineData(400, "application/json", "", Permanent, ErrorCode.InvalidRequest)]
    [InlineData(400, "application/json", "null", Permanent, ErrorCode.InvalidRequest)]
    [InlineData(400, "application/json", "{\"errors\":null}", Permanent, ErrorCode.InvalidRequest)]
    [InlineData(400, "application/json", "{\"errors\":[null,1,{\"code\":{},\"message\":[]}]}", Permanent, ErrorCode.InvalidRequest)]
    [InlineData(400, "application/json", "{\"errors\":[{\"code\":8007,\"message\":\"\\uD800 NSFW\"}]}", Permanent, ErrorCode.InvalidRequest)]
    [InlineData(400, "application/json", "{\"errors\":[{\"code\":\"5007\"}]}", Permanent, ErrorCode.ModelUnavailable)]
    [InlineData(400, "application/json", "\uFEFF{\"errors\":[{\"code\":5007}]}", Permanent, ErrorCode.ModelUnavailable)]
    [InlineData(400, "text/plain", "{\"error\":[{\"code\":5007}]}", Permanent, ErrorCode.ModelUnavailable)]
    [InlineData(400, "application/json", "{\"error\":{\"code\":\"bad\",\"message\":\"NSFW prompt\"}}", Permanent, ErrorCode.PromptRejected)]
    [InlineData(400, "application/json", "{\"error\":\"flagged as unsafe\"}", Permanent, ErrorCode.PromptRejected)]
    [InlineData(401, "text/plain", "", Permanent, ErrorCode.CredentialsRejected)]
    [InlineData(402, "text/plain", "", Permanent, ErrorCode.CredentialsRejected)]
    [InlineData(302, "text/plain", "", Permanent, ErrorCode.ModelUnavailable)]
    public async Task Error_response_in_an_unexpected_format_is_classified(
        int status, string contentType, string body, WorkersAiFailureKind kind, string expected)
    {
        await using var provider = await ScriptedProvider.AnsweringAsync(status, contentType, body, ("Location", "/elsewhere"));
        using var host = new ClientHost(provider.Address);

        var failure = await host.FailAsync();

        Assert.Equal((kind, expected), (failure.Kind, failure.Code));
        Assert.Single(provider.Received); // a redirect is not followed
    }

    [Fact]
    public async Task Rejected_gateway_token_is_distinguished_from_a_rejected_API_token()
    {
        await using var provider = await ScriptedProvider.AnsweringAsync(
            401, "application/json", """{"success":false,"result":[],"messages":[],"error":[{"code":2009,"message":"Unauthorized"}]}""");
        using var host = new ClientHost(provider.Address);

        var failure = await host.FailAsync();

        Assert.Equal(ErrorCode.CredentialsRejected, failure.Code);
        Assert.Contains("WorkersAi__GatewayToken", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("WorkersAi__ApiToken", failure.Message, StringComparison.Ordinal);
        Assert.True(failure.OperatorMustAct);
    }

    [Fact]
    public async Task Used_up_quota_is_retried_at_midnight_UTC()
    {
        await using var provider = await ScriptedProvider.AnsweringAsync(429, "application/json", Envelope(4006, "used up"), ("Retry-After", "5"));
        using var host = new ClientHost(provider.Address);

        var failure = await host.FailAsync();

        Assert.Equal(TimeSpan.FromHours(5.5), failure.RetryAfter); // the clock stands at 18:30
        Assert.Contains("00:00 UTC", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("7", 7)]
    [InlineData("86400", 3600)]
    [InlineData("0", null)]
    [InlineData("-3", null)]
    [InlineData("soon", null)]
    [InlineData("Sun, 22 Nov 2026 18:31:30 GMT", 90)]
    [InlineData("Sun, 22 Nov 2026 18:29:00 GMT", null)]
    [InlineData("Sat, 22 Nov 2036 18:29:00 GMT", 3600)]
    [InlineData(null, null)]
    public async Task Retry_After_header_is_read_as_seconds_or_date_and_limited_to_one_hour(string? header, int? seconds)
    {
        await using var provider = await ScriptedProvider.AnsweringAsync(
            429, "text/plain", "error code: 1015", header is null ? [] : [("Retry-After", header)]);
        using var host = new ClientHost(provider.Address);

        var failure = await host.FailAsync();

        Assert.Equal(seconds, failure.RetryAfter?.TotalSeconds);
    }

    [Theory]
    [InlineData(401, 10000, true)]
    [InlineData(403, 5018, true)]
    [InlineData(404, 7003, true)]
    [InlineData(404, 9999, true)]
    [InlineData(404, 3042, false)]
    [InlineData(400, 8007, false)]
    [InlineData(429, 3036, false)]
    [InlineData(500, 9999, false)]
    public async Task Failure_that_only_the_operator_can_fix_is_logged_once(int status, int code, bool logged)
    {
        await using var provider = await ScriptedProvider.AnsweringAsync(
            status, "application/json", Envelope(code, "No"), ("cf-ray", "8885b5d9562815fb-HKG"));
        using var host = new ClientHost(provider.Address);
        var command = ClientHost.Command(ImageModel.FluxSchnell);

        var failure = await host.FailAsync(command);

        Assert.Equal(logged, failure.OperatorMustAct);
        var errors = host.Logs.Lines.Where(line => line.Level >= LogLevel.Warning).Select(line => line.Text).ToList();
        if (logged)
        {
            var line = Assert.Single(errors);
            Assert.Contains("WorkersAi__", line, StringComparison.Ordinal);
            Assert.Contains(command.JobId.ToString(), line, StringComparison.Ordinal);
            Assert.Contains("8885b5d9562815fb-HKG", line, StringComparison.Ordinal);
        }
        else
        {
            Assert.Empty(errors);
        }
    }

    private static string Envelope(int code, string message) =>
        $$"""{"errors":[{"message":"{{(message.Length == 0 ? "" : $"AiError: AiError: {message} ({RequestId})")}}","code":{{code}}}],"success":false,"result":{},"messages":[]}""";
}
