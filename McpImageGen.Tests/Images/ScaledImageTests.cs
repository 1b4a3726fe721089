using McpImageGen.Jobs.Images;
using SkiaSharp;
using static McpImageGen.Tests.Emulator.RunningEmulator;

namespace McpImageGen.Tests.Images;

public sealed class ScaledImageTests
{
    private const int Plenty = 10_000_000;

    [Theory]
    [InlineData(2000, 1000, 512, 512, 256)]
    [InlineData(768, 1024, 512, 384, 512)]
    [InlineData(1024, 1024, 1024, 1024, 1024)]
    [InlineData(300, 200, 512, 300, 200)]
    [InlineData(4000, 2, 512, 512, 1)]
    public void Fit_scales_the_image_into_the_square_with_its_proportions_and_never_enlarges_it(int width, int height, int side, int fitsWidth, int fitsHeight)
    {
        var scaled = ScaledImage.Fit(Picture(width, height, SKEncodedImageFormat.Png), side, Plenty);

        Assert.Equal((SKEncodedImageFormat.Jpeg, fitsWidth, fitsHeight), Decoded(scaled));
    }

    [Theory]
    [InlineData(SKEncodedImageFormat.Jpeg)]
    [InlineData(SKEncodedImageFormat.Png)]
    [InlineData(SKEncodedImageFormat.Webp)]
    public void JPEG_PNG_and_WebP_images_can_be_scaled(SKEncodedImageFormat format) =>
        Assert.Equal((SKEncodedImageFormat.Jpeg, 100, 50), Decoded(ScaledImage.Fit(Picture(200, 100, format), 100, Plenty)));

    [Theory]
    [InlineData(2000, 1000, 320, 640, 320)]
    [InlineData(768, 1024, 320, 320, 427)]
    [InlineData(1024, 1024, 640, 640, 640)]
    [InlineData(1000, 300, 320, 1000, 300)]
    public void Fill_scales_the_image_to_cover_the_square_with_its_proportions_and_never_enlarges_it(int width, int height, int side, int fillsWidth, int fillsHeight)
    {
        var scaled = ScaledImage.Fill(Picture(width, height, SKEncodedImageFormat.Png), side);

        Assert.Equal((SKEncodedImageFormat.Jpeg, fillsWidth, fillsHeight), Decoded(scaled));
    }

    [Fact]
    public void Fit_lowers_the_quality_until_the_file_is_small_enough()
    {
        var noise = Picture(512, 512, SKEncodedImageFormat.Png);
        var best = ScaledImage.Fit(noise, 512, Plenty);

        var smaller = ScaledImage.Fit(noise, 512, best.Length - 1);

        Assert.True(smaller.Length < best.Length);
        Assert.Equal((SKEncodedImageFormat.Jpeg, 512, 512), Decoded(smaller));
    }

    [Fact]
    public void Fit_reduces_the_dimensions_if_lower_quality_is_not_enough()
    {
        var min = ScaledImage.Fit(Picture(512, 512, SKEncodedImageFormat.Png), 512, 2_000);

        Assert.InRange(min.Length, 1, 2_000);
        Assert.True(Decoded(min).Width < 512);
    }

    [Fact]
    public void Transparent_pixels_become_white()
    {
        using var empty = new SKBitmap(new SKImageInfo(8, 8, SKColorType.Rgba8888, SKAlphaType.Premul));
        empty.Erase(SKColors.Transparent);

        using var scaled = SKBitmap.Decode(ScaledImage.Fit(Encoded(empty, SKEncodedImageFormat.Png), 8, Plenty));

        Assert.Equal(SKColors.White, scaled.GetPixel(4, 4));
    }

    [Fact]
    public void Incomplete_or_invalid_image_is_rejected()
    {
        var whole = Picture(64, 64, SKEncodedImageFormat.Png);

        foreach (var broken in new[] { [], "no image"u8.ToArray(), whole[..100], whole[..(whole.Length / 2)] })
            Assert.Throws<InvalidDataException>(() => ScaledImage.Fit(broken, 512, Plenty));
    }

    [Fact]
    public void Image_with_huge_declared_dimensions_is_rejected()
    {
        var huge = Picture(64, 64, SKEncodedImageFormat.Jpeg);
        var size = huge.AsSpan(huge.AsSpan().IndexOf<byte>([0xFF, 0xC0]) + 5, 4);
        Assert.Equal<byte>([0, 64, 0, 64], size.ToArray());
        size.Fill(0xF0);

        var refused = Assert.Throws<InvalidDataException>(() => ScaledImage.Fill(huge, 320));

        Assert.Equal("The image is too large: 61680 × 61680 pixels.", refused.Message);
    }

    [Theory]
    [InlineData(16, 70_000)]
    [InlineData(70_000, 16)]
    [InlineData(1, 70_000)]
    [InlineData(65_536, 1)]
    public void Extremely_long_image_gets_a_preview_but_no_thumbnail(int width, int height)
    {
        var extreme = Picture(width, height, SKEncodedImageFormat.Png);

        Assert.Throws<InvalidDataException>(() => ScaledImage.Fill(extreme, 320));
        Assert.Equal(1024, Math.Max(Decoded(ScaledImage.Fit(extreme, 1024, Plenty)).Width, Decoded(ScaledImage.Fit(extreme, 1024, Plenty)).Height));
    }

    /// <summary>A picture with a red corner at the left of its top, as its rows and columns lie in the file, and where EXIF says that it is.</summary>
    [Theory]
    [InlineData(1, 200, 100, 0, 0)]
    [InlineData(2, 200, 100, 1, 0)]
    [InlineData(3, 200, 100, 1, 1)]
    [InlineData(4, 200, 100, 0, 1)]
    [InlineData(5, 100, 200, 0, 0)]
    [InlineData(6, 100, 200, 1, 0)]
    [InlineData(7, 100, 200, 1, 1)]
    [InlineData(8, 100, 200, 0, 1)]
    public void Image_is_rotated_according_to_its_EXIF_orientation(byte orientation, int width, int height, int right, int bottom)
    {
        using var picture = new SKBitmap(new SKImageInfo(400, 200, SKColorType.Rgba8888, SKAlphaType.Opaque));
        picture.Erase(SKColors.Blue);
        picture.Erase(SKColors.Red, SKRectI.Create(100, 50));
        var file = WithOrientation(Encoded(picture, SKEncodedImageFormat.Jpeg), orientation);

        foreach (var scaled in new[] { ScaledImage.Fit(file, 200, Plenty), ScaledImage.Fill(file, 100) })
        {
            using var seen = SKBitmap.Decode(scaled);
            Assert.Equal((width, height), (seen.Width, seen.Height));
            for (var corner = 0; corner < 4; corner++)
            {
                var (x, y) = (corner & 1, corner >> 1);
                var colour = seen.GetPixel(5 + (x * (width - 10)), 5 + (y * (height - 10)));
                Assert.Equal((x, y) == (right, bottom), colour.Red > colour.Blue);
            }
        }
    }

    /// <summary>Adds an Exif segment with the orientation to a JPEG file.</summary>
    private static byte[] WithOrientation(byte[] jpeg, byte orientation) =>
    [
        0xFF, 0xD8, 0xFF, 0xE1, 0, 34, .. "Exif\0\0"u8,
        .. "MM"u8, 0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0,
        .. jpeg[2..],
    ];

    /// <summary>Noise, of which no encoder can save much.</summary>
    private static byte[] Picture(int width, int height, SKEncodedImageFormat format)
    {
        var random = new Random(7);
        using var picture = new SKBitmap(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque));
        random.NextBytes(picture.GetPixelSpan());
        return Encoded(picture, format);
    }

    private static byte[] Encoded(SKBitmap picture, SKEncodedImageFormat format)
    {
        using var file = picture.Encode(format, 90);
        return file.ToArray();
    }
}
