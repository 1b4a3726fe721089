using System.Globalization;
using McpImageGen.Contracts;
using McpImageGen.Contracts.Models;
using McpImageGen.Jobs.Images;
using McpImageGen.McpApi.Application;
using McpImageGen.Tests.Emulator;
using McpImageGen.Tests.Testing;

namespace McpImageGen.Tests.Standalone;

/// <summary>The shape of an image, given by name instead of by width and height.</summary>
public sealed class AspectRatioTests(SharedStandalone standalone) : IClassFixture<SharedStandalone>
{
    private static readonly string[] Names = ["1:1", "16:9", "9:16", "4:3", "3:4", "3:2", "2:3", "21:9"];

    private FetchClient Client => standalone.Server.Client;

    public static TheoryData<string, string> ModelsAndRatios => [.. from model in ImageModel.All where model.Fixed.Width is null from ratio in Names select (model.Name, ratio)];

    [Theory]
    [MemberData(nameof(ModelsAndRatios))]
    public void Size_has_the_shape_and_area_that_were_asked_for_within_the_limits_of_the_model(string name, string ratio)
    {
        var model = ImageModel.Find(name)!;
        var (usualWidth, usualHeight) = (model.Parameter("width")!.Default ?? 1024, model.Parameter("height")!.Default ?? 1024);
        var sides = ratio.Split(':').Select(side => int.Parse(side, CultureInfo.InvariantCulture)).ToArray();

        var resolved = AspectRatio.Resolve(new GenerationParameters(Steps: 3) { AspectRatio = ratio }, model);

        Assert.Equal(new GenerationParameters(Width: resolved.Width, Height: resolved.Height, Steps: 3), resolved);
        var (width, height) = (resolved.Width!.Value, resolved.Height!.Value);
        Assert.Equal((0, 0), (width % 8, height % 8));
        Assert.InRange(width, model.Parameter("width")!.Minimum, model.Parameter("width")!.Maximum);
        Assert.InRange(height, model.Parameter("height")!.Minimum, model.Parameter("height")!.Maximum);
        Assert.InRange((double)width / height / ((double)sides[0] / sides[1]), 0.98, 1.02);
        Assert.InRange(width * height / (usualWidth * usualHeight), 0.97, 1.03);
    }

    [Theory]
    [InlineData("21:9", 600, 256)]
    [InlineData("9:16", 256, 456)]
    public void Size_stays_within_the_limits_of_a_model_that_generates_only_small_images(string ratio, int width, int height)
    {
        var small = new ImageModel("small", 1)
        {
            Description = "",
            Parameters = [new(ParameterName.Width, 250, 1000, 256), new(ParameterName.Height, 250, 1000, 256)],
        };

        var resolved = AspectRatio.Resolve(GenerationParameters.ModelDefaults with { AspectRatio = ratio }, small);

        Assert.Equal((width, height), (resolved.Width, resolved.Height));
    }

    [Theory]
    [InlineData("generate_image_and_wait", "lucid-origin", "16:9", 1496, 840)]
    [InlineData("edit_image_and_wait", "flux-2-klein-4b", "9:16", 664, 1184)]
    [InlineData("generate_image_and_wait", "flux-schnell", "1:1", 1024, 1024)]
    public async Task Image_has_the_aspect_ratio_and_the_job_shows_its_size(string tool, string model, string ratio, int width, int height)
    {
        var arguments = new Dictionary<string, object> { ["prompt"] = "a wide river", ["model"] = model, ["aspect_ratio"] = ratio };
        if (tool.StartsWith("edit", StringComparison.Ordinal))
            arguments["job_ids"] = new[] { (await Client.CallAsync("generate_image_and_wait", new { prompt = "a river" })).Text("job_id") };

        var done = await Client.CallAsync(tool, arguments);

        Assert.True(done.Success, done.Raw);
        var (_, actualWidth, actualHeight) = RunningEmulator.Decoded(await standalone.Server.Http.GetByteArrayAsync(done.Text("image_url"), TestContext.Current.CancellationToken));
        Assert.Equal((width, height), (actualWidth, actualHeight));
        var parameters = (await Client.CallAsync("get_job_status", new { job_id = done.Text("job_id") })).Json.GetProperty("parameters");
        Assert.False(parameters.TryGetProperty("aspect_ratio", out _));
        Assert.Equal(model != "flux-schnell", parameters.TryGetProperty("width", out var shown) && shown.GetInt32() == width);
    }

    [Theory]
    [InlineData("lucid-origin", "5:4", null, "'aspect_ratio' must be one of 1:1, 16:9, 9:16, 4:3, 3:4, 3:2, 2:3, 21:9, but was \"5:4\".")]
    [InlineData("lucid-origin", "16:9", 512, "'aspect_ratio' cannot be combined with 'width' or 'height'. Omit either the aspect ratio or both of them.")]
    [InlineData("flux-schnell", "16:9", null, "'aspect_ratio' must be omitted for flux-schnell, which always generates 1024×1024 images. Models that support it: sdxl-lightning, sdxl-base, dreamshaper, lucid-origin, phoenix, flux-2-dev, flux-2-klein-4b, flux-2-klein-9b.")]
    public async Task Wrong_aspect_ratio_is_rejected_with_what_to_do_instead(string model, string ratio, int? width, string error)
    {
        var refused = await Client.CallAsync("generate_image", new { prompt = "refused", model, aspect_ratio = ratio, width });

        Assert.True(refused.IsError);
        Assert.Equal(error, refused.Error);
        Assert.Equal(("invalid_argument", "aspect_ratio"), (refused.Text("error_code"), refused.Text("argument")));
    }

    [Fact]
    public async Task Repeated_call_with_another_aspect_ratio_is_a_conflict()
    {
        await Client.CallAsync("generate_image", new { prompt = "a wide river", model = "phoenix", aspect_ratio = "16:9", idempotency_key = "ratio" });

        var same = await Client.CallAsync("generate_image", new { prompt = "a wide river", model = "phoenix", aspect_ratio = "16:9", idempotency_key = "ratio" });
        var other = await Client.CallAsync("generate_image", new { prompt = "a wide river", model = "phoenix", aspect_ratio = "3:2", idempotency_key = "ratio" });

        Assert.True(same.Success, same.Raw);
        Assert.Equal("idempotency_conflict", other.Text("error_code"));
    }

    [Fact]
    public void Fingerprint_of_a_request_does_not_change_from_version_to_version()
    {
        // Otherwise a call that is repeated after an upgrade would be rejected as a different one.
        var parameters = new GenerationParameters(7, 512, 256, 6, "rain", 3.5);
        var request = new GenerationRequest("a windmill", "sdxl-lightning", 2, parameters, "key")
        {
            InputJobs = [Guid.Parse("01900000-0000-7000-8000-000000000001")],
            InputImages = [ImageKey.Parse("0123456789abcdef0123456789abcdef.jpg")!],
        };

        Assert.Equal("ed0582339ad776a7b0c12c8344135692a7329b299bff7db4f7f26f0bb7293857", request.AsRepeatableCall("owner")!.Fingerprint);
    }
}
