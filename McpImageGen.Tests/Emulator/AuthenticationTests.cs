using System.Net;
using System.Net.Http.Headers;
using static McpImageGen.Tests.Emulator.RunningEmulator;

namespace McpImageGen.Tests.Emulator;

public sealed class AuthenticationTests
{
    [Theory]
    [InlineData(null)]
    [InlineData("wrong")]
    public async Task Without_the_token_there_is_no_picture(string? token)
    {
        await using var emulator = await StartAsync();
        emulator.Client.DefaultRequestHeaders.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);

        using var response = await emulator.PromptAsync(Schnell, "a lighthouse");

        Assert.Equal((401, 10000, "Authentication error"), await ErrorOfAsync(response));
    }

    [Fact]
    public async Task Another_token_can_be_set()
    {
        await using var emulator = await StartAsync(null, ("Emulator:ApiToken", "secret"));

        using var refused = await emulator.PromptAsync(Schnell, "a lighthouse");
        emulator.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "secret");
        using var accepted = await emulator.PromptAsync(Schnell, "a lighthouse");

        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        Assert.Equal(HttpStatusCode.OK, accepted.StatusCode);
    }

    [Fact]
    public async Task Embedded_it_answers_no_other_host_name()
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
    public async Task The_controls_need_the_token_too(string method, string path)
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
    public async Task Health_is_answered_without_a_token(string path)
    {
        await using var emulator = await StartAsync();
        emulator.Client.DefaultRequestHeaders.Authorization = null;

        Assert.Equal("Healthy", await emulator.Client.GetStringAsync(path, TestContext.Current.CancellationToken));
    }
}
