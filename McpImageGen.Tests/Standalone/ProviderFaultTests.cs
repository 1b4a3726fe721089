using System.Text.Json;
using McpImageGen.Contracts;
using McpImageGen.Tests.Testing;

namespace McpImageGen.Tests.Standalone;

/// <summary>What a client sees of each fault that Workers AI can have; the emulator has them all.</summary>
public sealed class ProviderFaultTests(ProviderFaultTests.ImpatientServer standalone) : IClassFixture<ProviderFaultTests.ImpatientServer>
{
    private FetchClient Client => standalone.Server.Client;

    [Theory]
    [InlineData("prompt-rejected", ErrorCode.PromptRejected)]
    [InlineData("upstream-8007", ErrorCode.InvalidRequest)]
    [InlineData("bad-input-3003", ErrorCode.InvalidRequest)]
    [InlineData("bad-input", ErrorCode.InvalidRequest)]
    [InlineData("bad-input-5006", ErrorCode.InvalidRequest)]
    [InlineData("no-such-model-5007", ErrorCode.ModelUnavailable)]
    [InlineData("no-such-model-3042", ErrorCode.ModelUnavailable)]
    [InlineData("too-large", ErrorCode.RequestTooLarge)]
    [InlineData("bad-token", ErrorCode.CredentialsRejected)]
    [InlineData("forbidden-10000", ErrorCode.CredentialsRejected)]
    [InlineData("forbidden", ErrorCode.CredentialsRejected)]
    [InlineData("forbidden-5016", ErrorCode.CredentialsRejected)]
    [InlineData("forbidden-3023", ErrorCode.CredentialsRejected)]
    [InlineData("forbidden-3041", ErrorCode.CredentialsRejected)]
    [InlineData("forbidden-5035", ErrorCode.CredentialsRejected)]
    public async Task Permanent_provider_failure_fails_the_job_without_retry(string fault, string code)
    {
        var failed = await Client.CallAsync("generate_image_and_wait", new { prompt = $"refused [fault:{fault}]" });

        Assert.True(failed.IsError);
        Assert.Equal(code, failed.Text("error_code"));
        Assert.NotEmpty(failed.Error);
        Assert.DoesNotContain("refused [fault", failed.Error, StringComparison.Ordinal);
        Assert.Equal(1, (await StatusAsync(failed.Text("job_id"))).Number("attempts"));
    }

    [Theory]
    [InlineData("capacity-3040")]
    [InlineData("edge-rate-limit")]
    [InlineData("timeout-3007")]
    [InlineData("aborted-3008")]
    [InlineData("server-error")]
    [InlineData("bad-gateway")]
    [InlineData("unavailable")]
    [InlineData("gateway-timeout")]
    [InlineData("dropped-connection")]
    [InlineData("dropped-midway")]
    [InlineData("truncated-body")]
    [InlineData("empty-body")]
    [InlineData("not-an-image")]
    [InlineData("no-image")]
    [InlineData("no-answer")]
    [InlineData("output-rejected")]
    public async Task Transient_provider_failure_is_retried_and_the_job_completes(string fault)
    {
        var done = await Client.CallAsync("generate_image_and_wait", new { prompt = $"passing [fault:{fault}*1]" });

        Assert.True(done.Success, done.Raw);
        Assert.Equal(2, (await StatusAsync(done.Text("job_id"))).Number("attempts"));
    }

    [Theory]
    [InlineData("truncated-body")]
    [InlineData("empty-body")]
    [InlineData("not-an-image")]
    [InlineData("no-image")]
    public async Task Job_with_charged_unusable_responses_fails_after_three_attempts(string fault)
    {
        var failed = await Client.CallAsync("generate_image_and_wait", new { prompt = $"useless [fault:{fault}]" });

        Assert.Equal(ErrorCode.OutputUnusable, failed.Text("error_code"));
        Assert.DoesNotContain("retried automatically", failed.Error, StringComparison.Ordinal);
        Assert.Equal(3, (await StatusAsync(failed.Text("job_id"))).Number("attempts"));
    }

    [Fact]
    public async Task Job_fails_after_its_output_is_rejected_twice()
    {
        var failed = await Client.CallAsync("generate_image_and_wait", new { prompt = "flagged [fault:output-rejected]" });

        Assert.Equal(ErrorCode.OutputRejected, failed.Text("error_code"));
        Assert.Equal(2, (await StatusAsync(failed.Text("job_id"))).Number("attempts"));
    }

    [Fact]
    public async Task Persistent_transient_failure_fails_the_job_when_its_retry_time_is_over()
    {
        await using var server = await RunningStandalone.StartAsync("--Jobs:RetryFor=00:00:00.600");

        var failed = await server.Client.CallAsync("generate_image_and_wait", new { prompt = "for ever [fault:server-error]" });

        Assert.Equal("failed", failed.Text("status"));
        Assert.Equal(ErrorCode.ProviderUnavailable, failed.Text("error_code"));
    }

    [Theory]
    [InlineData("quota-3036")]
    [InlineData("quota-4006")]
    public async Task Used_up_quota_keeps_the_job_pending_until_midnight_UTC_with_the_reason(string fault)
    {
        var id = (await Client.CallAsync("generate_image", new { prompt = $"tomorrow [fault:{fault}]" })).Text("job_id");

        var status = await StatusWhenAsync(id, status => status.Json.GetProperty("waiting").ValueKind == JsonValueKind.Object);

        Assert.Equal("pending", status.Text("status"));
        Assert.Equal(JsonValueKind.Null, status.Json.GetProperty("error").ValueKind);
        var waiting = status.Json.GetProperty("waiting");
        Assert.Equal("quota_used_up", waiting.GetProperty("code").GetString());
        Assert.Contains("00:00 UTC", waiting.GetProperty("reason").GetString(), StringComparison.Ordinal);
        var next = DateTimeOffset.FromUnixTimeMilliseconds(waiting.GetProperty("next_attempt_at").GetInt64());
        Assert.Equal(0, next.Hour);
        Assert.Equal(0, next.Minute);
    }

    private async Task<ToolOutcome> StatusAsync(string id) => await Client.CallAsync("get_job_status", new { job_id = id });

    private async Task<ToolOutcome> StatusWhenAsync(string id, Func<ToolOutcome, bool> condition)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var status = await StatusAsync(id);
        while (!condition(status))
        {
            limit.Token.ThrowIfCancellationRequested();
            status = await StatusAsync(id);
        }

        return status;
    }

    /// <summary>A server whose worker waits for an answer for no more than three seconds.</summary>
    public sealed class ImpatientServer : IAsyncLifetime
    {
        public RunningStandalone Server { get; private set; } = null!;

        public async ValueTask InitializeAsync() => Server = await RunningStandalone.StartAsync("--WorkersAi:Timeout=00:00:03");

        public ValueTask DisposeAsync() => Server.DisposeAsync();
    }
}
