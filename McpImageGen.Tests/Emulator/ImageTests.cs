using SkiaSharp;
using static McpImageGen.Tests.Emulator.RunningEmulator;

namespace McpImageGen.Tests.Emulator;

public sealed class ImageTests
{
    [Theory]
    [InlineData(Lightning)]
    [InlineData(SdxlBase)]
    [InlineData(Lucid)]
    public async Task The_same_prompt_and_seed_give_the_same_bytes_in_another_emulator_too(string model)
    {
        await using var first = await StartAsync();
        await using var second = await StartAsync();

        var image = await ImageAsync(first, model, "a lighthouse", 7);

        Assert.Equal(image, await ImageAsync(first, model, "a lighthouse", 7));
        Assert.Equal(image, await ImageAsync(second, model, "a lighthouse", 7));
    }

    [Fact]
    public async Task Another_seed_prompt_or_model_gives_another_image()
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
    public async Task Images_drawn_at_the_same_time_have_the_same_bytes_as_images_drawn_one_by_one()
    {
        await using var emulator = await StartAsync();

        var concurrent = await Task.WhenAll(Enumerable.Range(1, 20).Select(seed => SmallImageAsync(emulator, seed)));

        for (var seed = 1; seed <= 20; seed++)
            Assert.Equal(await SmallImageAsync(emulator, seed), concurrent[seed - 1]);
    }

    [Fact]
    public async Task Different_seeds_give_visibly_different_images()
    {
        await using var emulator = await StartAsync();
        var images = new List<SKColor[]>();
        for (var seed = 1; seed <= 20; seed++)
        {
            using var image = SKBitmap.Decode(await SmallImageAsync(emulator, seed));
            images.Add(image.Pixels);
        }

        for (var first = 0; first < images.Count; first++)
        {
            for (var second = first + 1; second < images.Count; second++)
            {
                var difference = images[first].Zip(images[second], Difference).Average();
                Assert.True(difference > 5, $"The mean difference between seeds {first + 1} and {second + 1} is {difference:F1} of 255.");
            }
        }
    }

    [Fact]
    public async Task Without_a_seed_the_same_prompt_gives_the_same_image()
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
    public async Task The_image_has_the_size_that_was_asked_for(int width, int height)
    {
        await using var emulator = await StartAsync();

        using var response = await emulator.RunAsync(Lightning, new { prompt = "a lighthouse", width, height });

        Assert.Equal((SKEncodedImageFormat.Jpeg, width, height), Decoded(await ImageOfAsync(response)));
    }

    [Fact]
    public async Task Even_an_image_of_one_pixel_can_be_asked_for()
    {
        await using var emulator = await StartAsync();

        using var response = await emulator.RunAsync(Phoenix, new { prompt = "a lighthouse", width = 1, height = 1 });

        Assert.Equal((SKEncodedImageFormat.Jpeg, 1, 1), Decoded(await ImageOfAsync(response)));
    }

    [Fact]
    public async Task Every_style_can_be_drawn()
    {
        await using var emulator = await StartAsync();

        for (var seed = 0; seed < 40; seed++)
            Assert.Equal((SKEncodedImageFormat.Jpeg, 256, 256), Decoded(await SmallImageAsync(emulator, seed)));
    }

    [Fact]
    public async Task A_mark_in_the_corner_says_sample()
    {
        await using var emulator = await StartAsync();

        using var image = SKBitmap.Decode(await ImageAsync(emulator, SdxlBase, "a lighthouse", 7));

        // The mark's strokes are nearly white on a dark plate: the corner has both, whatever is drawn below it.
        var corner = Enumerable.Range(940, 70).SelectMany(x => Enumerable.Range(992, 24).Select(y => image.GetPixel(x, y))).ToArray();
        var brightness = corner.Select(pixel => (pixel.Red + pixel.Green + pixel.Blue) / 3).ToArray();
        Assert.True(brightness.Max() - brightness.Min() > 60, $"from {brightness.Min()} to {brightness.Max()}");
    }

    private static double Difference(SKColor one, SKColor other) =>
        (Math.Abs(one.Red - other.Red) + Math.Abs(one.Green - other.Green) + Math.Abs(one.Blue - other.Blue)) / 3.0;

    private static async Task<byte[]> SmallImageAsync(RunningEmulator emulator, long seed) =>
        await ImageOfAsync(await emulator.RunAsync(Lightning, new { prompt = "a lighthouse", seed, width = 256, height = 256 }));

    private static async Task<byte[]> ImageAsync(RunningEmulator emulator, string model, string prompt, long seed) =>
        await ImageOfAsync(await emulator.RunAsync(model, new { prompt, seed }));
}
