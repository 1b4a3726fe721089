using System.Net;
using System.Net.Http.Headers;
using static McpImageGen.Tests.Emulator.RunningEmulator;

namespace McpImageGen.Tests.Emulator;

public sealed class AuthenticationTests
{
    [Theory]
    [InlineData(null)]
    [InlineData("wrong")]
    public async Task Emulator_rejects_a_missing_or_invalid_token(string? token)
    {
        await using var emulator = await StartAsync();
        emulator.Client.DefaultRequestHeaders.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);

        using var response = await emulator.PromptAsync(Schnell, "a lighthouse");

        Assert.Equal((401, 10000, "Authentication error"), await ErrorOfAsync(response));
    }

    [Fact]
    public async Task Emulator_accepts_only_the_configured_token()
    {
        await using var emulator = await StartAsync(null, ("Emulator:ApiToken", "secret"));

        using var refused = await emulator.PromptAsync(Schnell, "a lighthouse");
        emulator.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "secret");
        using var accepted = await emulator.PromptAsync(Schnell, "a lighthouse");

        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        Assert.Equal(HttpStatusCode.OK, accepted.StatusCode);
    }

    [Fact]
    public async Task Embedded_emulator_rejects_another_host_name()
    {
        await using var emulator = await StartAsync();
        emulator.Client.DefaultRequestHeaders.Host = "attacker.example";

        using var refused = await emulator.PromptAsync(Schnell, "a lighthouse");

        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
    }

    [Theory]
    [InlineData("GET", "/emulator/statistics")]
    [InlineData("DELETE", "/emulator/statistics")]
    [InlineData("GET", "/emulator/faults")]
    [InlineData("PUT", "/emulator/faults")]
    [InlineData("DELETE", "/emulator/faults")]
    public async Task Statistics_and_faults_endpoints_require_the_token(string method, string path)
    {
        await using var emulator = await StartAsync();
        emulator.Client.DefaultRequestHeaders.Authorization = null;

        using var response = await emulator.Client.SendAsync(
            new HttpRequestMessage(new HttpMethod(method), path), TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [Theory]
    [InlineData("/health")]
    [InlineData("/alive")]
    public async Task Emulator_health_requires_no_token(string path)
    {
        await using var emulator = await StartAsync();
        emulator.Client.DefaultRequestHeaders.Authorization = null;

        Assert.Equal("Healthy", await emulator.Client.GetStringAsync(path, TestContext.Current.CancellationToken));
    }
}
