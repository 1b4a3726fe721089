using McpImageGen.GenerationWorker.WorkersAi;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace McpImageGen.Tests.WorkersAi;

public sealed class WorkersAiOptionsTests
{
    [Theory]
    [InlineData("acc", "", null, null, "WorkersAi__ApiToken is not set")]
    [InlineData("", "tok", null, null, "WorkersAi__AccountId is not set")]
    [InlineData(" ", "tok", null, null, "WorkersAi__AccountId is not set")]
    [InlineData("", "", null, null, "WorkersAi__AccountId and WorkersAi__ApiToken are not set")]
    [InlineData("", "", "https://gateway.ai.cloudflare.com/v1/a/g/workers-ai/", null, "WorkersAi__ApiToken is not set")]
    [InlineData("acc", "s3cret\n", null, null, "WorkersAi__ApiToken contains whitespace")]
    [InlineData("acc", "tok", "api.cloudflare.com", null, "WorkersAi__BaseUrl must be")]
    [InlineData("acc", "tok", "/client/v4", null, "WorkersAi__BaseUrl must be")]
    [InlineData("acc", "tok", "ftp://api.cloudflare.com", null, "WorkersAi__BaseUrl must be")]
    [InlineData("acc", "tok", "https://api.cloudflare.com/?a=b", null, "WorkersAi__BaseUrl must be")]
    [InlineData("acc", "tok", "https://me:s3cret@api.cloudflare.com/", null, "WorkersAi__BaseUrl must be")]
    [InlineData("acc", "tok", "", null, "WorkersAi__BaseUrl must be")]
    [InlineData("acc", "tok", "http://api.cloudflare.com/client/v4/", null, "WorkersAi__BaseUrl must start with https://")]
    [InlineData("", "tok", "http://gateway.ai.cloudflare.com/v1/a/g/workers-ai", null, "WorkersAi__BaseUrl must start with https://")]
    [InlineData("acc", "tok", null, "00:00:00.999", "WorkersAi__Timeout must be")]
    [InlineData("acc", "tok", null, "00:10:00.001", "WorkersAi__Timeout must be")]
    public async Task Invalid_Workers_AI_setting_prevents_the_start_with_one_line_that_names_it(
        string account, string token, string? baseUrl, string? timeout, string message)
    {
        var exception = await Assert.ThrowsAsync<OptionsValidationException>(() => StartAsync(account, token, baseUrl, timeout));

        var failure = Assert.Single(exception.Failures);
        Assert.StartsWith(message, failure, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', failure);
        Assert.DoesNotContain("s3cret", failure, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://api.cloudflare.com/client/v4/", "Cloudflare Workers AI")]
    [InlineData("https://gateway.ai.cloudflare.com/v1/0123abcd/images/workers-ai", "Cloudflare Workers AI")]
    [InlineData("http://workers-ai-emulator:8080/client/v4/", "the Workers AI emulator")]
    [InlineData("https://notcloudflare.com/client/v4/", "the Workers AI emulator")]
    public void Image_source_is_described_without_address_and_account(string address, string source) =>
        Assert.Equal(source, new WorkersAiOptions { BaseUrl = address }.ImageSource);

    [Theory]
    [InlineData("WorkersAi:RequestsPerMinute", "-1", "WorkersAi__RequestsPerMinute must be")]
    [InlineData("WorkersAi:RequestsPerMinute", "100001", "WorkersAi__RequestsPerMinute must be")]
    [InlineData("WorkersAi:RateWindow", "00:00:00.999", "WorkersAi__RateWindow must be")]
    [InlineData("WorkersAi:RateWindow", "00:01:00.001", "WorkersAi__RateWindow must be")]
    public async Task Invalid_rate_limit_setting_prevents_the_start_with_one_line_that_names_it(string setting, string value, string message)
    {
        var exception = await Assert.ThrowsAsync<OptionsValidationException>(() => StartAsync("acc", "tok", null, null, (setting, value)));

        Assert.StartsWith(message, Assert.Single(exception.Failures), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, "s3cret", "WorkersAi__GatewayToken is set, but")]
    [InlineData("https://gateway.ai.cloudflare.com/v1/a/g/workers-ai", "s3cret\n", "WorkersAi__GatewayToken contains whitespace")]
    public async Task Invalid_gateway_token_prevents_the_start_with_one_line_that_does_not_repeat_it(string? baseUrl, string token, string message)
    {
        var exception = await Assert.ThrowsAsync<OptionsValidationException>(
            () => StartAsync("acc", "tok", baseUrl, null, ("WorkersAi:GatewayToken", token)));

        var failure = Assert.Single(exception.Failures);
        Assert.StartsWith(message, failure, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", failure, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://api.cloudflare.com/client/v4/", false)]
    [InlineData("http://127.0.0.1:5290/client/v4/", false)]
    [InlineData("http://[::1]:5290/client/v4/", false)]
    [InlineData("http://localhost:5290/client/v4/", false)]
    [InlineData("http://10.0.0.7:8080/client/v4/", true)]
    [InlineData("http://workers-ai.example/client/v4/", true)]
    public void Tokens_are_sent_unencrypted_only_over_http_to_another_machine(string address, bool expected) =>
        Assert.Equal(expected, new WorkersAiOptions { BaseUrl = address }.SendsTokensUnencrypted);

    [Theory]
    [InlineData("acc", "tok", null, null)]
    [InlineData("acc", "tok", "http://127.0.0.1:5290", "00:00:01")]
    [InlineData("acc", "tok", "http://127.0.0.1:5290/", "00:10:00")]
    [InlineData("", "tok", "https://gateway.ai.cloudflare.com/v1/a/g/workers-ai", null)]
    public async Task Valid_Workers_AI_settings_are_accepted(string account, string token, string? baseUrl, string? timeout) =>
        Assert.Null(await Record.ExceptionAsync(() => StartAsync(account, token, baseUrl, timeout)));

    private static async Task StartAsync(
        string account, string token, string? baseUrl, string? timeout, params (string Name, string Value)[] others)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        var settings = new Dictionary<string, string?> { ["WorkersAi:AccountId"] = account, ["WorkersAi:ApiToken"] = token };
        if (baseUrl is not null)
            settings["WorkersAi:BaseUrl"] = baseUrl;
        if (timeout is not null)
            settings["WorkersAi:Timeout"] = timeout;
        foreach (var (name, value) in others)
            settings[name] = value;
        builder.Configuration.AddInMemoryCollection(settings);
        builder.AddWorkersAi();
        using var host = builder.Build();
        await host.StartAsync(TestContext.Current.CancellationToken);
        await host.StopAsync(TestContext.Current.CancellationToken);
    }
}
