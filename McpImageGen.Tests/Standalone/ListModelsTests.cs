using System.Text.Json;
using McpImageGen.Contracts;
using McpImageGen.Contracts.Models;
using McpImageGen.Tests.Testing;

namespace McpImageGen.Tests.Standalone;

public sealed class ListModelsTests : IAsyncLifetime
{
    private RunningStandalone _server = null!;

    private FetchClient Client => _server.Client;

    public async ValueTask InitializeAsync() => _server = await RunningStandalone.StartAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Each_model_is_listed_with_its_parameters_and_cost()
    {
        var listed = await Client.CallAsync("list_models", new { });

        Assert.Equal(ImageModel.All.Select(model => model.Name), listed.List("models").Select(model => model.GetProperty("name").GetString()));
        Assert.Contains("10000", listed.Text("cost_unit"), StringComparison.Ordinal);
        Assert.Equal(
            """{"name":"flux-schnell","description":"fast, follows the prompt well","estimated_time_seconds":5,"parameters":[{"name":"steps","type":"integer","minimum":1,"maximum":8,"default":4},{"name":"seed","type":"integer","minimum":0,"maximum":2147483647,"default":null}],"always":{"width":1024,"height":1024},"most_input_images":0,"neurons_per_image":57.6,"free_images_per_day":173,"usable_now":true,"trouble":null}""",
            JsonSerializer.Serialize(listed.List("models")[0]));
        Assert.Equal(4, (await ModelAsync(ImageModel.Flux2Klein4B)).GetProperty("most_input_images").GetInt32());
        Assert.Equal(JsonValueKind.Null, (await ModelAsync(ImageModel.SdxlBase)).GetProperty("neurons_per_image").ValueKind);
        Assert.Equal(JsonValueKind.Null, (await ModelAsync(ImageModel.SdxlLightning)).GetProperty("free_images_per_day").ValueKind);
    }

    [Fact]
    public async Task Models_are_reported_as_unusable_while_the_daily_quota_is_used_up()
    {
        var id = (await Client.CallAsync("generate_image", new { prompt = "tomorrow [fault:quota-3036]" })).Text("job_id");
        await Until.HoldsAsync(
            () => Client.CallAsync("get_job_status", new { job_id = id }),
            status => status.Json.GetProperty("waiting").ValueKind == JsonValueKind.Object,
            "the job waits for its next attempt");

        var trouble = await TroubleAsync(ImageModel.Phoenix);

        Assert.Equal(ErrorCode.QuotaUsedUp, trouble.GetProperty("code").GetString());
        Assert.Contains("00:00 UTC", trouble.GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.InRange(DateTimeOffset.FromUnixTimeMilliseconds(trouble.GetProperty("until").GetInt64()), DateTimeOffset.UtcNow, DateTimeOffset.UtcNow.AddDays(1.1));
    }

    [Fact]
    public async Task Models_are_reported_as_unusable_after_rejected_credentials_until_a_generation_succeeds()
    {
        await Client.CallAsync("generate_image_and_wait", new { prompt = "refused [fault:bad-token]" });
        Assert.Equal(ErrorCode.CredentialsRejected, (await TroubleAsync(ImageModel.SdxlBase)).GetProperty("code").GetString());

        await Client.CallAsync("generate_image_and_wait", new { prompt = "good again", model = ImageModel.SdxlBase });

        Assert.True((await ModelAsync(ImageModel.SdxlBase)).GetProperty("usable_now").GetBoolean());
        Assert.False((await ModelAsync(ImageModel.Phoenix)).GetProperty("usable_now").GetBoolean());
    }

    [Fact]
    public async Task Unavailable_model_does_not_affect_others_and_a_rejected_prompt_affects_no_model()
    {
        await Client.CallAsync("generate_image_and_wait", new { prompt = "gone [fault:no-such-model-5007]", model = ImageModel.Phoenix });
        await Client.CallAsync("generate_image_and_wait", new { prompt = "refused [fault:prompt-rejected]", model = ImageModel.SdxlBase });

        Assert.Equal(ErrorCode.ModelUnavailable, (await TroubleAsync(ImageModel.Phoenix)).GetProperty("code").GetString());
        Assert.True((await ModelAsync(ImageModel.SdxlBase)).GetProperty("usable_now").GetBoolean());
        Assert.True((await ModelAsync(ImageModel.FluxSchnell)).GetProperty("usable_now").GetBoolean());
    }

    private async Task<JsonElement> TroubleAsync(string name)
    {
        var model = await ModelAsync(name);
        Assert.False(model.GetProperty("usable_now").GetBoolean());
        return model.GetProperty("trouble");
    }

    private async Task<JsonElement> ModelAsync(string name) =>
        (await Client.CallAsync("list_models", new { })).List("models").Single(model => model.GetProperty("name").GetString() == name);
}
