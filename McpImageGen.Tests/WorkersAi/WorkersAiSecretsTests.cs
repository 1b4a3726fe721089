using System.Text.Json;
using McpImageGen.Contracts;
using McpImageGen.Contracts.Models;
using McpImageGen.GenerationWorker.WorkersAi;

namespace McpImageGen.Tests.WorkersAi;

public sealed class WorkersAiSecretsTests
{
    private const string Prompt = "a red fox asleep under a blue umbrella, 35mm";

    [Fact]
    public async Task Provider_message_is_included_without_prefixes_and_request_id()
    {
        var failure = await FailureOf("AiError: AiError: Width must be\n divisible by 8. (de3fabb0-569c-4e72-bec9-fedd0de629b3)");

        Assert.Equal("Workers AI refused the request (HTTP 400, code 8007): Width must be divisible by 8. Change the prompt or the parameters.", failure.Message);
    }

    [Fact]
    public async Task Provider_message_is_truncated()
    {
        var failure = await FailureOf(new string('x', 5000));

        Assert.InRange(failure.Message.Length, 300, 450);
    }

    [Theory]
    [InlineData("Cannot draw '" + Prompt + "'")]
    [InlineData("Cannot draw A RED FOX ASLEEP UNDER A BLUE UMBRELLA")]
    [InlineData("Cannot draw: red  fox\nasleep…")]
    [InlineData("Cannot draw {\\\"prompt\\\":\\\"\\u0061 red\\\"}")]
    [InlineData("No such token " + ClientHost.Token)]
    [InlineData("No route to /accounts/" + ClientHost.Account + "/ai/run")]
    [InlineData("The negative prompt 'blurry' is not supported")]
    public async Task Provider_message_that_contains_the_prompt_or_a_secret_is_omitted(string message)
    {
        var failure = await FailureOf(message);

        Assert.Equal("Workers AI refused the request (HTTP 400, code 8007). Change the prompt or the parameters.", failure.Message);
    }

    [Fact]
    public async Task No_log_line_contains_the_token_the_account_or_the_prompt()
    {
        await using var provider = await ScriptedProvider.AnsweringAsync(
            401, "application/json", $$"""{"errors":[{"code":10000,"message":"Token {{ClientHost.Token}} asked for {{Prompt}}"}]}""");
        using var host = new ClientHost(provider.Address);

        await host.FailAsync(ClientHost.Command(ImageModel.SdxlBase, prompt: Prompt));

        Assert.NotEmpty(host.Logs.Lines);
        Assert.All(host.Logs.Lines, line =>
        {
            Assert.DoesNotContain(ClientHost.Token, line.Text, StringComparison.Ordinal);
            Assert.DoesNotContain(ClientHost.Account, line.Text, StringComparison.Ordinal);
            Assert.DoesNotContain(Prompt, line.Text, StringComparison.Ordinal);
        });
    }

    private static async Task<WorkersAiFailure> FailureOf(string message)
    {
        var body = JsonSerializer.Serialize(new { errors = new[] { new { code = 8007, message } }, success = false });
        await using var provider = await ScriptedProvider.AnsweringAsync(400, "application/json", body);
        using var host = new ClientHost(provider.Address);
        var failure = await host.FailAsync(ClientHost.Command(ImageModel.SdxlBase, new GenerationParameters(NegativePrompt: "blurry"), Prompt));
        Assert.Equal(ErrorCode.InvalidRequest, failure.Code);
        return failure;
    }
}
