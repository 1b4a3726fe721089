using SkiaSharp;
using static McpImageGen.Tests.Emulator.RunningEmulator;

namespace McpImageGen.Tests.Emulator;

public sealed class PictureTests
{
    [Theory]
    [InlineData(Lightning)]
    [InlineData(SdxlBase)]
    [InlineData(Lucid)]
    public async Task Same_prompt_and_seed_produce_the_same_bytes_in_every_emulator(string model)
    {
        await using var first = await StartAsync();
        await using var second = await StartAsync();

        var image = await ImageAsync(first, model, "a lighthouse", 7);

        Assert.Equal(image, await ImageAsync(first, model, "a lighthouse", 7));
        Assert.Equal(image, await ImageAsync(second, model, "a lighthouse", 7));
    }

    [Fact]
    public async Task Different_seed_prompt_or_model_produces_a_different_image()
    {
        await using var emulator = await StartAsync();

        var images = new[]
        {
            await ImageAsync(emulator, Lightning, "a lighthouse", 7),
            await ImageAsync(emulator, Lightning, "a lighthouse", 8),
            await ImageAsync(emulator, Lightning, "a windmill", 7),
            await ImageAsync(emulator, Phoenix, "a lighthouse", 7),
        };

        Assert.Equal(4, images.Select(Convert.ToHexString).Distinct().Count());
    }

    [Fact]
    public async Task Same_prompt_without_a_seed_produces_the_same_image()
    {
        await using var emulator = await StartAsync();

        var first = await ImageOfAsync(await emulator.PromptAsync(Schnell, "a lighthouse"));
        var second = await ImageOfAsync(await emulator.PromptAsync(Schnell, "a lighthouse"));

        Assert.Equal(first, second);
    }

    [Theory]
    [InlineData(256, 2048)]
    [InlineData(2048, 256)]
    [InlineData(777, 1001)]
    public async Task Image_has_the_requested_size(int width, int height)
    {
        await using var emulator = await StartAsync();

        using var response = await emulator.RunAsync(Lightning, new { prompt = "a lighthouse", width, height });

        Assert.Equal((SKEncodedImageFormat.Jpeg, width, height), Decoded(await ImageOfAsync(response)));
    }

    [Fact]
    public async Task Image_of_one_pixel_can_be_generated()
    {
        await using var emulator = await StartAsync();

        using var response = await emulator.RunAsync(Phoenix, new { prompt = "a lighthouse", width = 1, height = 1 });

        Assert.Equal((SKEncodedImageFormat.Jpeg, 1, 1), Decoded(await ImageOfAsync(response)));
    }

    [Fact]
    public async Task Images_of_40_seeds_are_valid()
    {
        await using var emulator = await StartAsync();

        for (var seed = 0; seed < 40; seed++)
            Decoded(await ImageOfAsync(await emulator.RunAsync(Lightning, new { prompt = "a lighthouse", seed, width = 256, height = 256 })));
    }

    [Fact]
    public async Task Image_has_a_sample_mark_in_the_corner()
    {
        await using var emulator = await StartAsync();

        using var picture = SKBitmap.Decode(await ImageAsync(emulator, SdxlBase, "a lighthouse", 7));

        // The mark's strokes are nearly white on a dark plate: the corner has both, whatever the picture below it.
        var corner = Enumerable.Range(940, 70).SelectMany(x => Enumerable.Range(992, 24).Select(y => picture.GetPixel(x, y))).ToArray();
        var brightness = corner.Select(pixel => (pixel.Red + pixel.Green + pixel.Blue) / 3).ToArray();
        Assert.True(brightness.Max() - brightness.Min() > 60, $"from {brightness.Min()} to {brightness.Max()}");
    }

    private static async Task<byte[]> ImageAsync(RunningEmulator emulator, string model, string prompt, long seed) =>
        await ImageOfAsync(await emulator.RunAsync(model, new { prompt, seed }));
}
