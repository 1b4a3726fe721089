using System.Net;
using McpImageGen.Jobs.Images;
using McpImageGen.Tests.Pages;
using McpImageGen.Tests.Testing;
using Microsoft.Extensions.DependencyInjection;
using SkiaSharp;
using static McpImageGen.Tests.Emulator.RunningEmulator;

namespace McpImageGen.Tests.Images;

/// <summary>The small images that the gallery shows.</summary>
public sealed class ThumbnailTests(SharedStandalone standalone) : IClassFixture<SharedStandalone>
{
    private RunningStandalone Server => standalone.Server;

    private IImageStore Store => Server.Services.GetRequiredService<IImageStore>();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("flux-schnell", 0)]
    [InlineData("sdxl-base", 1)]
    public async Task Thumbnail_is_created_on_the_first_request_and_stored(string model, int which)
    {
        var thumbnail = (await GenerateAsync(model)).Thumbnails.ElementAt(which);
        Assert.Null(await Store.OpenAsync(thumbnail, Cancel));

        var first = await Server.Http.GetByteArrayAsync(AddressOf(thumbnail), Cancel);

        Assert.Equal(thumbnail.ThumbnailSide, Math.Min(Decoded(first).Width, Decoded(first).Height));
        var stored = await Store.OpenAsync(thumbnail, Cancel);
        Assert.Equal(first, await stored!.ReadAsync(Cancel));
        Assert.Equal(first, await Server.Http.GetByteArrayAsync(AddressOf(thumbnail), Cancel));
    }

    [Fact]
    public async Task Thumbnail_response_has_private_cache_headers_and_supports_conditional_requests()
    {
        var thumbnail = (await GenerateAsync()).Thumbnails.First();

        foreach (var method in (HttpMethod[])[HttpMethod.Head, HttpMethod.Get])
        {
            using var response = await Server.Http.SendAsync(new HttpRequestMessage(method, AddressOf(thumbnail)), Cancel);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.Equal("max-age=3600, private", response.Headers.CacheControl?.ToString());
            Assert.Equal($"\"{thumbnail}\"", response.Headers.ETag?.Tag);
            Assert.Equal("image/jpeg", response.Content.Headers.ContentType?.ToString());
            Assert.True(response.Content.Headers.ContentLength > 1000);
        }

        using var again = new HttpRequestMessage(HttpMethod.Get, AddressOf(thumbnail));
        again.Headers.IfNoneMatch.ParseAdd($"\"{thumbnail}\"");
        using var unchanged = await Server.Http.SendAsync(again, Cancel);
        Assert.Equal(HttpStatusCode.NotModified, unchanged.StatusCode);
    }

    [Fact]
    public async Task Thumbnail_of_another_size_format_or_an_unknown_image_is_not_found()
    {
        var image = await GenerateAsync();

        foreach (var name in (string[])[$"{image}.321.jpg", $"{image}.320.png", $"{ImageKey.For(Guid.NewGuid(), "image/png")}.320.jpg"])
        {
            using var response = await Server.Http.GetAsync(new Uri("/images/" + name, UriKind.Relative), Cancel);
            Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        }
    }

    [Fact]
    public async Task Thumbnail_of_a_damaged_image_returns_422_with_the_reason()
    {
        var image = ImageKey.For(Guid.NewGuid(), "image/png");
        await Store.PutAsync(image, "no image"u8.ToArray(), Cancel);

        using var response = await Server.Http.GetAsync(AddressOf(image.Thumbnails.First()), Cancel);

        Assert.Equal(HttpStatusCode.UnprocessableEntity, response.StatusCode);
        Assert.Equal("A thumbnail of this image cannot be created. The file is not a JPEG, PNG or WebP image.\n", await response.Content.ReadAsStringAsync(Cancel));
        Assert.Null(response.Headers.CacheControl);
    }

    [Fact]
    public async Task Thumbnail_of_a_too_long_image_returns_422_with_the_reason()
    {
        var image = ImageKey.For(Guid.NewGuid(), "image/png");
        using var picture = new SKBitmap(16, 70_000);
        using var file = picture.Encode(SKEncodedImageFormat.Png, 100);
        await Store.PutAsync(image, file.ToArray(), Cancel);

        using var response = await Server.Http.GetAsync(AddressOf(image.Thumbnails.First()), Cancel);

        Assert.Equal(HttpStatusCode.UnprocessableEntity, response.StatusCode);
        Assert.Equal(
            "A thumbnail of this image cannot be created. An image of 16 × 70000 pixels cannot be a JPEG file.\n",
            await response.Content.ReadAsStringAsync(Cancel));
    }

    [Fact]
    public async Task Thumbnail_is_deleted_with_its_image()
    {
        var made = await Server.Client.CallAsync("generate_image_and_wait", new { prompt = "not for long" });
        var thumbnail = KeyOf(made).Thumbnails.First();
        await Server.Http.GetByteArrayAsync(AddressOf(thumbnail), Cancel);

        await Server.Client.CallAsync("delete_generation", new { job_id = made.Text("job_id") });

        Assert.Null(await Store.OpenAsync(thumbnail, Cancel));
        using var response = await Server.Http.GetAsync(AddressOf(thumbnail), Cancel);
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    [Fact]
    public async Task Gallery_offers_thumbnails_in_two_sizes()
    {
        var made = await Server.Client.CallAsync("generate_image_and_wait", new { prompt = "for the gallery" });

        using var browser = await PlainBrowser.SignedInAsync(Server.Http.BaseAddress!, Server.Token);
        var gallery = await browser.TextOfAsync("/gallery");

        var thumbnails = KeyOf(made).Thumbnails.ToList();
        Assert.Contains($"src=\"{AddressOf(thumbnails[0])}\"", gallery, StringComparison.Ordinal);
        Assert.Contains($"srcset=\"{AddressOf(thumbnails[0])} 320w, {AddressOf(thumbnails[1])} 640w\"", gallery, StringComparison.Ordinal);
        Assert.Contains("loading=\"lazy\"", gallery, StringComparison.Ordinal);
    }

    private async Task<ImageKey> GenerateAsync(string model = "flux-schnell") =>
        KeyOf(await Server.Client.CallAsync("generate_image_and_wait", new { prompt = "a small picture", model }));

    private static ImageKey KeyOf(ToolOutcome made) => ImageKey.Parse(made.Text("image_url").Split('/')[^1])!;

    private static Uri AddressOf(ImageKey key) => new($"/images/{key}", UriKind.Relative);
}
