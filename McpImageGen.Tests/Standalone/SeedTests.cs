using System.Text.Json;
using McpImageGen.Contracts.Models;
using McpImageGen.Tests.Testing;

namespace McpImageGen.Tests.Standalone;

/// <summary>Every image has a seed of its own, so that no two requests are equal and every image can be generated again.</summary>
public sealed class SeedTests(SharedStandalone standalone) : IClassFixture<SharedStandalone>
{
    private FetchClient Client => standalone.Server.Client;

    [Theory]
    [MemberData(nameof(AllModels))]
    public async Task Images_of_one_call_have_different_seeds_and_content(string model)
    {
        var answer = await Client.CallAsync("generate_image_and_wait", new { prompt = "cyberpunk city", count = 5, model });

        var seeds = new HashSet<long>();
        var images = new HashSet<string>();
        foreach (var result in answer.List("results"))
        {
            seeds.Add(await SeedOfAsync(Client, result.GetProperty("job_id").GetString()!));
            images.Add(Convert.ToHexString(await ImageAsync(standalone.Server, result.GetProperty("image_url").GetString()!)));
        }

        Assert.Equal((5, 5), (seeds.Count, images.Count));
        Assert.All(seeds, seed => Assert.InRange(seed, 0, int.MaxValue));
    }

    public static TheoryData<string> AllModels => [.. ImageModel.All.Select(model => model.Name)];

    [Fact]
    public async Task Image_can_be_reproduced_with_the_seed_of_its_job()
    {
        var first = await Client.CallAsync("generate_image_and_wait", new { prompt = "a mill at dusk" });
        var seed = await SeedOfAsync(Client, first.Text("job_id"));

        var again = await Client.CallAsync("generate_image_and_wait", new { prompt = "a mill at dusk", seed });

        Assert.NotEqual(first.Text("job_id"), again.Text("job_id"));
        Assert.Equal(await ImageAsync(standalone.Server, first.Text("image_url")), await ImageAsync(standalone.Server, again.Text("image_url")));
    }

    [Fact]
    public async Task Two_calls_without_a_seed_produce_different_images()
    {
        var first = await Client.CallAsync("generate_image_and_wait", new { prompt = "a quiet harbour" });
        var second = await Client.CallAsync("generate_image_and_wait", new { prompt = "a quiet harbour" });

        Assert.NotEqual(await ImageAsync(standalone.Server, first.Text("image_url")), await ImageAsync(standalone.Server, second.Text("image_url")));
    }

    [Fact]
    public async Task Job_shows_no_seed_if_the_provider_rejected_it()
    {
        await using var server = await RunningStandalone.StartAsync("--Emulator:StrictSchema=true");

        var first = await server.Client.CallAsync("generate_image_and_wait", new { prompt = "a mill" });
        var second = await server.Client.CallAsync("generate_image_and_wait", new { prompt = "a lake", seed = 7 });
        var other = await server.Client.CallAsync("generate_image_and_wait", new { prompt = "a lake", seed = 7, model = "sdxl-lightning" });

        Assert.Equal("{}", (await ParametersAsync(server.Client, first.Text("job_id"))).GetRawText());
        Assert.Equal("{}", (await ParametersAsync(server.Client, second.Text("job_id"))).GetRawText());
        Assert.Equal(7, await SeedOfAsync(server.Client, other.Text("job_id")));
    }

    private static async Task<long> SeedOfAsync(FetchClient client, string jobId) => (await ParametersAsync(client, jobId)).GetProperty("seed").GetInt64();

    private static async Task<JsonElement> ParametersAsync(FetchClient client, string jobId) =>
        (await client.CallAsync("get_job_status", new { job_id = jobId })).Json.GetProperty("parameters");

    private static Task<byte[]> ImageAsync(RunningStandalone server, string address) =>
        server.Http.GetByteArrayAsync(address, TestContext.Current.CancellationToken);
}
