using Aspire.Hosting.ApplicationModel;
using McpImageGen.AppHost;
using McpImageGen.AppHost.Dashboard;
using McpImageGen.Tests.Testing;

namespace McpImageGen.Tests.AppHost.Dashboard;

public sealed class UseCloudflareTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Missing_credentials_are_read_as_null_and_not_reported_as_found()
    {
        using var credentials = Credentials("", "");

        Assert.Null(await credentials.ReadAsync(Cancel));
        Assert.False(credentials.Found.IsCancellationRequested);
    }

    [Theory]
    [InlineData("account", "token")]
    [InlineData("account", "")]
    [InlineData("", "token")]
    public async Task Stored_credentials_are_read_and_reported_as_found(string account, string token)
    {
        using var credentials = Credentials(account, token);

        Assert.Equal((account, token), await credentials.ReadAsync(Cancel));
        Assert.True(credentials.Found.IsCancellationRequested);
    }

    [Theory]
    [InlineData("account-id")]
    [InlineData("api-token")]
    [Slow]
    public async Task Command_with_only_one_credential_is_rejected(string given)
    {
        await using var model = await SystemModel.RunAsync();

        var result = await model.ExecuteAsync("workers-ai-emulator", UseCloudflare.CommandName, (given, "something"));

        Assert.Equal((false, "Command argument validation failed."), (result.Success, result.Message));
    }

    [Fact]
    [Slow]
    public async Task Command_without_a_dashboard_names_the_parameters_to_set()
    {
        await using var model = await SystemModel.RunAsync();

        var result = await model.ExecuteAsync(
            "workers-ai-emulator", UseCloudflare.CommandName, ("account-id", "account"), ("api-token", "token"), ("remember", "false"));

        Assert.False(result.Success);
        Assert.Contains("cloudflare-account-id", result.Message, StringComparison.Ordinal);
    }

    private static CloudflareCredentials Credentials(string account, string token) =>
        new(new ParameterResource("cloudflare-account-id", _ => account), new ParameterResource("cloudflare-api-token", _ => token, secret: true));
}
