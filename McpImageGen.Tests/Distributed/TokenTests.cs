using McpImageGen.Tests.Testing;

namespace McpImageGen.Tests.Distributed;

[Slow]
public sealed class TokenTests
{
    [Fact]
    public async Task API_without_a_configured_token_does_not_start()
    {
        await using var api = ServiceProcess.Start("McpApi", new()
        {
            // None of them is asked for anything before the settings are checked.
            ["ConnectionStrings__jobs"] = "Host=127.0.0.1;Port=9;Username=jobs;Database=jobs",
            ["ConnectionStrings__messaging"] = "amqp://127.0.0.1:9",
            ["ConnectionStrings__redis"] = "127.0.0.1:9",
            ["ConnectionStrings__images"] = "Endpoint=http://127.0.0.1:9;AccessKey=key;SecretKey=secret;Bucket=images",
            ["AUTH_TOKEN"] = "",
        });

        Assert.Equal(1, await api.ExitCodeAsync());
        Assert.StartsWith("Cannot start: No token is configured, so all calls would be rejected. Set AUTH_TOKEN", api.Output, StringComparison.Ordinal);
    }
}
