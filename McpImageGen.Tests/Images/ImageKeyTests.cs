using McpImageGen.Jobs.Images;

namespace McpImageGen.Tests.Images;

public sealed class ImageKeyTests
{
    private static readonly ImageKey Image = ImageKey.For(Guid.Parse("0198b0a1-0000-7000-8000-0123456789ab"), "image/png");

    [Fact]
    public void Image_key_consists_of_claim_and_file_extension()
    {
        Assert.Equal("0198b0a10000700080000123456789ab.png", Image.ToString());
        Assert.Equal("image/png", Image.ContentType);
        Assert.Equal(Image, ImageKey.Parse(Image.ToString()));
    }

    [Fact]
    public void Thumbnail_key_consists_of_image_key_and_side_length()
    {
        Assert.Equal(["0198b0a10000700080000123456789ab.png.320.jpg", "0198b0a10000700080000123456789ab.png.640.jpg"], Image.Thumbnails.Select(key => key.ToString()));
        Assert.Equal(ImageKey.ThumbnailSides, Image.Thumbnails.Select(key => key.ThumbnailSide ?? 0));
    }

    [Fact]
    public void Thumbnail_key_has_its_image_the_JPEG_type_and_no_thumbnails()
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
    public void Other_file_name_is_not_parsed_as_an_image_key(string text) => Assert.Null(ImageKey.Parse(text));
}
