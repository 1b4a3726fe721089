using System.Text.RegularExpressions;
using McpImageGen.Contracts;
using McpImageGen.Contracts.Models;
using McpImageGen.GenerationWorker.WorkersAi;
using McpImageGen.Tests.Emulator;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace McpImageGen.Tests.WorkersAi;

public sealed class WorkersAiRequestTests
{
    private static readonly GenerationParameters Everything = new(7, 512, 768, 6, "blurry", 3.5);

    public static TheoryData<string, bool, string> Bodies => new()
    {
        { "flux-schnell", false, """{"prompt":"a \u0022cat\u0022"}""" },
        { "flux-schnell", true, """{"prompt":"a \u0022cat\u0022","steps":6,"seed":7}""" },
        { "sdxl-lightning", false, """{"prompt":"a \u0022cat\u0022"}""" },
        { "sdxl-lightning", true, """{"prompt":"a \u0022cat\u0022","negative_prompt":"blurry","width":512,"height":768,"num_steps":6,"guidance":3.5,"seed":7}""" },
        { "sdxl-base", false, """{"prompt":"a \u0022cat\u0022"}""" },
        { "sdxl-base", true, """{"prompt":"a \u0022cat\u0022","negative_prompt":"blurry","width":512,"height":768,"num_steps":6,"guidance":3.5,"seed":7}""" },
    };

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task Request_contains_only_the_fields_that_the_model_supports(string model, bool everything, string body)
    {
        var parameters = (model, everything) switch
        {
            (_, false) => GenerationParameters.ModelDefaults,
            ("flux-schnell", true) => new GenerationParameters(Everything.Seed, Steps: Everything.Steps),
            _ => Everything,
        };

        var request = await RequestOf(ClientHost.Command(model, parameters, "a \"cat\""), address => address);

        Assert.Equal(body, request.Body);
        Assert.Equal("application/json", request.Headers["Content-Type"]);
        Assert.Equal("POST", request.Method);
        Assert.Equal($"Bearer {ClientHost.Token}", request.Headers["Authorization"]);
    }

    [Theory]
    [InlineData("flux-schnell", "@cf/black-forest-labs/flux-1-schnell")]
    [InlineData("sdxl-lightning", "@cf/bytedance/stable-diffusion-xl-lightning")]
    [InlineData("sdxl-base", "@cf/stabilityai/stable-diffusion-xl-base-1.0")]
    [InlineData("dreamshaper", "@cf/lykon/dreamshaper-8-lcm")]
    [InlineData("lucid-origin", "@cf/leonardo/lucid-origin")]
    [InlineData("phoenix", "@cf/leonardo/phoenix-1.0")]
    [InlineData("flux-2-dev", "@cf/black-forest-labs/flux-2-dev")]
    [InlineData("flux-2-klein-4b", "@cf/black-forest-labs/flux-2-klein-4b")]
    [InlineData("flux-2-klein-9b", "@cf/black-forest-labs/flux-2-klein-9b")]
    public async Task Each_model_is_requested_at_its_own_path(string model, string id)
    {
        var request = await RequestOf(ClientHost.Command(model), address => address);

        Assert.Equal($"/accounts/{ClientHost.Account}/ai/run/{id}", request.Path);
    }

    [Theory]
    [InlineData("", $"/accounts/{ClientHost.Account}/ai/run/")]
    [InlineData("/", $"/accounts/{ClientHost.Account}/ai/run/")]
    [InlineData("/client/v4", $"/client/v4/accounts/{ClientHost.Account}/ai/run/")]
    [InlineData("/client/v4/", $"/client/v4/accounts/{ClientHost.Account}/ai/run/")]
    [InlineData("/v1/acc/gate/workers-ai", "/v1/acc/gate/workers-ai/")]
    [InlineData("/v1/acc/gate/workers-ai/", "/v1/acc/gate/workers-ai/")]
    public async Task Base_URL_can_be_an_AI_Gateway_and_can_end_with_a_slash(string basePath, string path)
    {
        var request = await RequestOf(ClientHost.Command(ImageModel.SdxlBase), address => address + basePath);

        Assert.Equal(path + "@cf/stabilityai/stable-diffusion-xl-base-1.0", request.Path);
    }

    [Fact]
    public async Task Authenticated_gateway_gets_the_gateway_token_in_addition_to_the_API_token()
    {
        const string gatewayToken = "gateway-t0ken-that-must-not-leak";
        await using var provider = await ScriptedProvider.AnsweringAsync(
            400, "application/json", $$"""{"errors":[{"code":8007,"message":"bad {{gatewayToken}}"}]}""");
        using var host = new ClientHost(provider.Address + "/v1/acc/gate/workers-ai", builder =>
            builder.Configuration.AddInMemoryCollection([new("WorkersAi:GatewayToken", gatewayToken)]));

        var failure = await host.FailAsync();

        var request = Assert.Single(provider.Received);
        Assert.Equal($"Bearer {gatewayToken}", request.Headers["cf-aig-authorization"]);
        Assert.Equal($"Bearer {ClientHost.Token}", request.Headers["Authorization"]);
        Assert.DoesNotContain(gatewayToken, failure.Message, StringComparison.Ordinal);
        Assert.All(host.Logs.Lines, line => Assert.DoesNotContain(gatewayToken, line.Text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Multipart_form_is_formatted_as_by_browsers()
    {
        var request = await RequestOf(ClientHost.Command("flux-2-dev", new GenerationParameters(7, 512, 768, 6, Guidance: 3.5), "a \"cat\""), address => address);

        var boundary = Assert.Single(Regex.Matches(request.Headers["Content-Type"], "^multipart/form-data; boundary=(form-[0-9a-f]{32})$")).Groups[1].Value;
        (string Name, string Value)[] parts =
            [("prompt", "a \"cat\""), ("width", "512"), ("height", "768"), ("steps", "6"), ("guidance", "3.5"), ("seed", "7")];
        var body = string.Concat(parts.Select(part => $"--{boundary}\r\nContent-Disposition: form-data; name=\"{part.Name}\"\r\n\r\n{part.Value}\r\n"));
        Assert.Equal($"{body}--{boundary}--\r\n", request.Body);
    }

    [Fact]
    public async Task Unsupported_parameter_is_rejected_by_name_before_a_request_is_sent()
    {
        await using var provider = await ScriptedProvider.AnsweringAsync(200, "image/png", SampleImages.Png);
        using var host = new ClientHost(provider.Address);
        (string Name, GenerationParameters Parameters)[] notTaken =
        [
            ("width", new(Width: 512)), ("height", new(Height: 512)),
            ("negative_prompt", new(NegativePrompt: "x")), ("guidance", new(Guidance: 1)),
        ];

        foreach (var (name, parameters) in notTaken)
        {
            var failure = await host.FailAsync(ClientHost.Command(ImageModel.FluxSchnell, parameters));
            Assert.Equal((WorkersAiFailureKind.Permanent, ErrorCode.InvalidRequest), (failure.Kind, failure.Code));
            Assert.Contains(name, failure.Message, StringComparison.Ordinal);
        }
        var notANumber = await host.FailAsync(ClientHost.Command(ImageModel.SdxlBase, new GenerationParameters(Guidance: double.NaN)));
        Assert.Equal(ErrorCode.InvalidRequest, notANumber.Code);
        Assert.Empty(provider.Received);
    }

    [Fact]
    public async Task Rejected_seed_is_omitted_and_not_sent_to_that_model_again()
    {
        await using var emulator = await RunningEmulator.StartAsync(settings: ("Emulator:StrictSchema", "true"));
        using var host = new ClientHost(new Uri(emulator.Client.BaseAddress!, "/client/v4").ToString(), builder =>
            builder.Configuration.AddInMemoryCollection([new("WorkersAi:ApiToken", "emulator")]));
        var withSeed = new GenerationParameters(Seed: 7);

        var first = await GenerateAsync(ImageModel.FluxSchnell);
        var second = await GenerateAsync(ImageModel.FluxSchnell);
        var other = await GenerateAsync(ImageModel.SdxlLightning);

        Assert.Equal((true, true, false), (first.SeedIgnored, second.SeedIgnored, other.SeedIgnored));
        Assert.Equal("""{"400/5006":1}""", (await emulator.StatisticsAsync()).GetProperty("failures").GetRawText());

        Task<GeneratedImage> GenerateAsync(string model) =>
            host.Client.GenerateAsync(ClientHost.Command(model, withSeed), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Request_rejected_with_and_without_a_seed_fails_and_the_next_request_includes_the_seed()
    {
        await using var provider = await ScriptedProvider.AnsweringAsync(
            400, "application/json", """{"errors":[{"code":5006,"message":"AiError: Bad input: prompt"}],"success":false}""");
        using var host = new ClientHost(provider.Address);
        var command = ClientHost.Command(ImageModel.FluxSchnell, new GenerationParameters(Seed: 7));

        Assert.Equal(ErrorCode.InvalidRequest, (await host.FailAsync(command)).Code);
        await host.FailAsync(command);

        Assert.Equal([true, false, true, false], provider.Received.Select(request => request.Body.Contains("\"seed\":7", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Unknown_model_is_a_permanent_failure()
    {
        using var host = new ClientHost("http://127.0.0.1:9");

        var failure = await host.FailAsync(new GenerateImage(Guid.CreateVersion7(), "a cat", "Flux-Schnell", GenerationParameters.ModelDefaults));

        Assert.Equal((WorkersAiFailureKind.Permanent, ErrorCode.ModelUnavailable), (failure.Kind, failure.Code));
    }

    [Fact]
    public async Task Default_HTTP_client_handlers_are_not_applied_to_the_Workers_AI_client()
    {
        await using var provider = await ScriptedProvider.AnsweringAsync(200, "image/png", SampleImages.Png);
        using var host = new ClientHost(provider.Address, builder => builder.Services.ConfigureHttpClientDefaults(
            http => http.AddHttpMessageHandler(() => new RefusingHandler())));

        await host.Client.GenerateAsync(ClientHost.Command(ImageModel.SdxlBase), TestContext.Current.CancellationToken);

        Assert.Single(provider.Received);
    }

    private static async Task<ReceivedRequest> RequestOf(GenerateImage command, Func<string, string> baseUrl)
    {
        await using var provider = await ScriptedProvider.AnsweringAsync(200, "image/png", SampleImages.Png);
        using var host = new ClientHost(baseUrl(provider.Address));
        await host.Client.GenerateAsync(command, TestContext.Current.CancellationToken);
        return Assert.Single(provider.Received);
    }

    private sealed class RefusingHandler : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            throw new InvalidOperationException("A handler of the host was called.");
    }
}
