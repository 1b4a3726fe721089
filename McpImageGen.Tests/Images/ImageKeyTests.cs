using McpImageGen.Jobs.Images;

namespace McpImageGen.Tests.Images;

public sealed class ImageKeyTests
{
    private static readonly ImageKey Image = ImageKey.For(Guid.Parse("0198b0a1-0000-7000-8000-0123456789ab"), "image/png");

    [Fact]
    public void A_key_is_the_claim_and_the_ending_of_its_type()
    {
        Assert.Equal("0198b0a10000700080000123456789ab.png", Image.ToString());
        Assert.Equal("image/png", Image.ContentType);
        Assert.Equal(Image, ImageKey.Parse(Image.ToString()));
    }

    [Fact]
    public void The_key_of_a_thumbnail_starts_with_that_of_its_image_and_names_its_side()
    {
        Assert.Equal(["0198b0a10000700080000123456789ab.png.320.jpg", "0198b0a10000700080000123456789ab.png.640.jpg"], Image.Thumbnails.Select(key => key.ToString()));
        Assert.Equal(ImageKey.ThumbnailSides, Image.Thumbnails.Select(key => key.ThumbnailSide ?? 0));
    }

    [Fact]
    public void A_thumbnail_knows_its_image_is_a_jpeg_and_has_no_thumbnails()
    {
        Assert.All(Image.Thumbnails, key =>
        {
            Assert.Equal(key, ImageKey.Parse(key.ToString()));
            Assert.Equal(Image, ImageKey.Parse(key.ToString())!.Image);
            Assert.Equal("image/jpeg", key.ContentType);
            Assert.Empty(key.Thumbnails);
        });
        Assert.Equal(Image, Image.Image);
    }

    [Theory]
    [InlineData("0198b0a10000700080000123456789ab.bmp")]
    [InlineData("0198b0a10000700080000123456789ab")]
    [InlineData("0198b0a10000700080000123456789ab.png.321.jpg")]
    [InlineData("0198b0a10000700080000123456789ab.png.0320.jpg")]
    [InlineData("0198b0a10000700080000123456789ab.png.320.png")]
    [InlineData("0198b0a10000700080000123456789ab.320.jpg")]
    [InlineData("0198b0a10000700080000123456789ab.png.320.jpg.320.jpg")]
    [InlineData("../198b0a10000700080000123456789ab.png")]
    public void What_is_named_otherwise_is_no_key(string text) => Assert.Null(ImageKey.Parse(text));
}
