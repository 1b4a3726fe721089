using System.Text.Json;
using McpImageGen.Contracts;
using McpImageGen.Jobs.Images;
using McpImageGen.Tests.Emulator;
using McpImageGen.Tests.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace McpImageGen.Tests.Standalone;

/// <summary>New images from the images of earlier jobs.</summary>
public sealed class EditImageTests(SharedStandalone standalone) : IClassFixture<SharedStandalone>
{
    private readonly FetchClient _ann = standalone.NewOwner();
    private readonly FetchClient _ben = standalone.NewOwner();

    [Fact]
    public async Task Edit_generates_an_image_from_several_scaled_input_images()
    {
        var boat = await GenerateAsync("a paper boat");
        var lake = await GenerateAsync("a quiet lake");
        string[] ids = [boat.Text("job_id"), lake.Text("job_id")];

        var edited = await _ann.CallAsync("edit_image_and_wait", new { prompt = "the boat on the lake", job_ids = ids, width = 512, height = 512, seed = 3 });

        Assert.True(edited.Success, edited.Raw);
        Assert.Equal("flux-2-klein-4b", edited.Text("model"));
        var image = await standalone.Server.Http.GetByteArrayAsync(edited.Text("image_url"), TestContext.Current.CancellationToken);
        var (_, width, height) = RunningEmulator.Decoded(image);
        Assert.Equal((512, 512), (width, height));
        var status = await _ann.CallAsync("get_job_status", new { job_id = edited.Text("job_id") });
        Assert.Equal([boat.Text("image_url"), lake.Text("image_url")], status.List("input_images").Select(link => link.GetString()));

        // Two images to start from and one tile to draw: the provider got them both.
        Assert.Equal((2 * 5.37) + 26.05, status.Json.GetProperty("neurons").GetDouble(), tolerance: 0.006);
    }

    [Fact]
    public async Task Edit_with_a_count_completes_after_a_transient_failure()
    {
        var boat = (await GenerateAsync("a paper boat")).Text("job_id");

        var started = await _ann.CallAsync(
            "edit_image", new { prompt = "at night [fault:server-error*1]", job_ids = new[] { boat }, count = 3, model = "flux-2-dev", steps = 8 });
        var done = await _ann.CallAsync("wait_for_completion", new { job_ids = started.List("job_ids") });

        Assert.Equal(3, started.Number("count"));
        Assert.Equal(3, done.List("results").Select(result => result.GetProperty("image_url").GetString()).Distinct().Count());
    }

    [Fact]
    public async Task Edit_with_an_image_of_another_owner_returns_the_same_error_as_an_unknown_image()
    {
        var known = (await GenerateAsync("ann's")).Text("job_id");

        var anothers = await _ben.CallAsync("edit_image", new { prompt = "mine now", job_ids = new[] { known } });
        var unknown = await _ann.CallAsync("edit_image", new { prompt = "mine now", job_ids = new[] { known, Guid.NewGuid().ToString() } });

        Assert.True(anothers.IsError);
        Assert.Equal("One or more jobs not found", anothers.Error);
        Assert.Equal(unknown.Raw, anothers.Raw);
        Assert.Equal(0, (await _ben.CallAsync("list_jobs", new { })).Number("total_count"));
    }

    [Fact]
    public async Task Edit_of_a_job_without_an_image_is_rejected_with_instructions()
    {
        var slow = (await _ann.CallAsync("generate_image", new { prompt = "slow [latency:30s]" })).Text("job_id");
        var failed = (await _ann.CallAsync("generate_image_and_wait", new { prompt = "bad [fault:prompt-rejected]" })).Text("job_id");

        var early = await _ann.CallAsync("edit_image_and_wait", new { prompt = "too early", job_ids = new[] { slow } });
        var never = await _ann.CallAsync("edit_image_and_wait", new { prompt = "never", job_ids = new[] { failed } });

        Assert.True(early.IsError);
        Assert.Contains("wait_for_completion", early.Error, StringComparison.Ordinal);
        Assert.True(never.IsError);
        Assert.Contains("list_generations", never.Error, StringComparison.Ordinal);
        Assert.Equal("job_ids", never.Text("argument"));
        Assert.Equal(2, (await _ann.CallAsync("list_jobs", new { })).Number("total_count"));
    }

    [Theory]
    [InlineData("""{"prompt":"abc"}""", "Missing argument 'job_ids': edit_image requires a list of 1 to 4 items, each a job id (UUID) returned by generate_image or edit_image.")]
    [InlineData("""{"prompt":"abc","job_ids":[]}""", "'job_ids' must be a list of 1 to 4 items, each a job id (UUID) returned by generate_image or edit_image, but has 0 items.")]
    [InlineData("""{"prompt":"abc","job_ids":["../x"]}""", "Each item of 'job_ids' must be a job id (UUID) returned by generate_image or edit_image, but was \"../x\".")]
    [InlineData("""{"prompt":"abc","job_ids":["01a2040b-fd9b-7149-8854-aef04e5d2635"],"model":"flux-schnell"}""", "'model' must be one of flux-2-dev, flux-2-klein-4b, flux-2-klein-9b, but was \"flux-schnell\".")]
    public async Task Invalid_edit_arguments_are_rejected(string arguments, string error)
    {
        var refused = await _ann.CallAsync("edit_image", JsonElement.Parse(arguments));

        Assert.True(refused.IsError);
        Assert.Equal(error, refused.Error);
    }

    [Theory]
    [InlineData("deleted")]
    [InlineData("damaged")]
    public async Task Missing_or_damaged_input_image_fails_the_job_with_the_reason(string what)
    {
        var boat = await GenerateAsync("a paper boat");
        var images = standalone.Server.Services.GetRequiredService<IImageStore>();
        var key = ImageKey.Parse(boat.Text("image_url").Split('/')[^1])!;
        await images.DeleteAsync(key, TestContext.Current.CancellationToken);
        if (what == "damaged")
            await images.PutAsync(key, "no image"u8.ToArray(), TestContext.Current.CancellationToken);

        var failed = await _ann.CallAsync("edit_image_and_wait", new { prompt = "at night", job_ids = new[] { boat.Text("job_id") } });

        Assert.Equal(ErrorCode.InputImageUnusable, failed.Text("error_code"));
        Assert.Contains(what, failed.Error, StringComparison.Ordinal);
    }

    private Task<ToolOutcome> GenerateAsync(string prompt) => _ann.CallAsync("generate_image_and_wait", new { prompt });
}
