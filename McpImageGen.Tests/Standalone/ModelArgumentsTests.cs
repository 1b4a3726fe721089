using System.Text.Json;
using McpImageGen.Contracts.Models;
using McpImageGen.Tests.Emulator;
using McpImageGen.Tests.Testing;

namespace McpImageGen.Tests.Standalone;

/// <summary>What can be asked of a model beside the prompt.</summary>
public sealed class ModelArgumentsTests(SharedStandalone standalone) : IClassFixture<SharedStandalone>
{
    private const string SdxlTakes =
        "Supported parameters: negative_prompt of 1 to 1000 characters, width 256 to 2048, height 256 to 2048, steps 1 to 20, guidance 0 to 20, seed 0 to 2147483647.";

    private FetchClient Client => standalone.Server.Client;

    [Theory]
    [InlineData("""{"width":512}""", "flux-schnell does not support 'width': it always generates 1024×1024 images. Supported parameters: steps 1 to 8, seed 0 to 2147483647. Models that support width: sdxl-lightning, sdxl-base, dreamshaper, lucid-origin, phoenix, flux-2-dev, flux-2-klein-4b, flux-2-klein-9b.")]
    [InlineData("""{"negative_prompt":"rain"}""", "flux-schnell does not support 'negative_prompt'. Supported parameters: steps 1 to 8, seed 0 to 2147483647. Models that support negative_prompt: sdxl-lightning, sdxl-base, dreamshaper, phoenix.")]
    [InlineData("""{"steps":9}""", "'steps' must be from 1 to 8 for flux-schnell, but was 9. Supported parameters: steps 1 to 8, seed 0 to 2147483647.")]
    [InlineData("""{"model":"sdxl-base","width":255}""", "'width' must be from 256 to 2048 for sdxl-base, but was 255. " + SdxlTakes)]
    [InlineData("""{"model":"sdxl-base","seed":2147483640,"count":20}""", "'seed' must be from 0 to 2147483647 for sdxl-base, but the last of 20 images would have the seed 2147483659. " + SdxlTakes)]
    [InlineData("""{"model":"phoenix","guidance":1.5}""", "'guidance' must be from 2 to 10 for phoenix, but was 1.5. Supported parameters: negative_prompt of 1 to 1000 characters, width 1 to 2048, height 1 to 2048, steps 1 to 50, guidance 2 to 10, seed 0 to 2147483647.")]
    [InlineData("""{"model":"flux-2-klein-4b","steps":4}""", "flux-2-klein-4b does not support 'steps': it always uses 4 steps. Supported parameters: width 256 to 1920, height 256 to 1920, guidance 0 to 20, seed 0 to 2147483647. Models that support steps: flux-schnell, sdxl-lightning, sdxl-base, dreamshaper, lucid-origin, phoenix, flux-2-dev.")]
    public async Task Unsupported_model_parameter_is_rejected_with_the_supported_parameters_and_submits_nothing(string arguments, string error)
    {
        var before = (await Client.CallAsync("list_jobs", new { })).Number("total_count");
        var all = JsonSerializer.Deserialize<Dictionary<string, object>>(arguments)!;
        all["prompt"] = "refused";

        foreach (var tool in new[] { "generate_image", "generate_image_and_wait" })
        {
            var refused = await Client.CallAsync(tool, all);
            Assert.True(refused.IsError);
            Assert.Equal(error, refused.Error);
            Assert.Equal("invalid_argument", refused.Text("error_code"));
        }

        Assert.Equal(before, (await Client.CallAsync("list_jobs", new { })).Number("total_count"));
    }

    [Fact]
    public async Task All_parameters_are_applied_even_after_a_failed_first_attempt()
    {
        var done = await Client.CallAsync("generate_image_and_wait", new
        {
            prompt = "a windmill [fault:server-error*1]",
            model = "sdxl-lightning",
            seed = 7,
            width = 512,
            height = 256,
            steps = 6,
            negative_prompt = "rain",
            guidance = 3.5,
        });

        Assert.True(done.Success, done.Raw);
        var (_, width, height) = RunningEmulator.Decoded(await ImageAsync(done.Text("image_url")));
        Assert.Equal((512, 256), (width, height));
        var status = await StatusAsync(done.Text("job_id"));
        Assert.Equal(2, status.Number("attempts"));
        Assert.Equal(
            """{"negative_prompt":"rain","width":512,"height":256,"steps":6,"guidance":3.5,"seed":7}""",
            JsonSerializer.Serialize(status.Json.GetProperty("parameters")));
    }

    [Fact]
    public async Task Status_of_a_job_without_parameters_shows_only_its_seed()
    {
        var id = (await Client.CallAsync("generate_image", new { prompt = "a windmill" })).Text("job_id");

        var status = await StatusAsync(id);

        Assert.Equal(["seed"], status.Json.GetProperty("parameters").EnumerateObject().Select(parameter => parameter.Name));
        Assert.Equal(JsonValueKind.Null, status.Json.GetProperty("input_images").ValueKind);
    }

    [Fact]
    public async Task Several_images_get_consecutive_seeds_and_a_seed_reproduces_its_image()
    {
        var several = await Client.CallAsync("generate_image_and_wait", new { prompt = "a mill", model = "sdxl-lightning", count = 3, seed = 40 });
        var again = await Client.CallAsync("generate_image_and_wait", new { prompt = "a mill", model = "sdxl-lightning", seed = 41 });

        var seeds = new List<int>();
        foreach (var result in several.List("results"))
            seeds.Add((await StatusAsync(result.GetProperty("job_id").GetString()!)).Json.GetProperty("parameters").GetProperty("seed").GetInt32());
        Assert.Equal([40, 41, 42], seeds);
        Assert.Equal(await ImageAsync(several.List("results")[1].GetProperty("image_url").GetString()!), await ImageAsync(again.Text("image_url")));
    }

    [Fact]
    public async Task Tool_schemas_contain_the_models_and_parameters_of_the_catalog()
    {
        var tools = (await Client.RequestAsync("tools/list")).GetProperty("result").GetProperty("tools").EnumerateArray()
            .ToDictionary(tool => tool.GetProperty("name").GetString()!, tool => tool.GetProperty("inputSchema").GetProperty("properties"));
        foreach (var name in new[] { "generate_image", "generate_image_and_wait", "edit_image", "edit_image_and_wait" })
        {
            var models = ImageModel.All.Where(model => model.InputImages > 0 || name.StartsWith("generate", StringComparison.Ordinal)).ToList();
            var argument = tools[name].GetProperty("model");
            Assert.Equal(models.Select(model => model.Name), argument.GetProperty("enum").EnumerateArray().Select(model => model.GetString()));

            // In one place: what is said four times costs each request of a client.
            Assert.All(models, model => Assert.Equal(
                name == "generate_image_and_wait",
                argument.GetProperty("description").GetString()!.Contains($"{model.Name}: {model.Description}", StringComparison.Ordinal)));
            foreach (var parameter in models.SelectMany(model => model.Parameters).Distinct())
            {
                var schema = tools[name].GetProperty(parameter.Name);
                if (parameter.Type == "text")
                {
                    Assert.Contains($"{parameter.Minimum} to {parameter.Maximum} characters", schema.GetProperty("description").GetString(), StringComparison.Ordinal);
                    continue;
                }

                Assert.InRange(parameter.Minimum, schema.GetProperty("minimum").GetDouble(), parameter.Maximum);
                Assert.InRange(parameter.Maximum, parameter.Minimum, schema.GetProperty("maximum").GetDouble());
            }
        }

        Assert.Equal(ImageModel.All.Max(model => model.InputImages), tools["edit_image"].GetProperty("job_ids").GetProperty("maxItems").GetInt32());
    }

    private Task<ToolOutcome> StatusAsync(string id) => Client.CallAsync("get_job_status", new { job_id = id });

    private Task<byte[]> ImageAsync(string address) => standalone.Server.Http.GetByteArrayAsync(address, TestContext.Current.CancellationToken);
}
