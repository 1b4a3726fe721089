using McpImageGen.Jobs.Images;
using Microsoft.Extensions.Options;

namespace McpImageGen.Tests.Ports;

public sealed class S3ConnectionTests
{
    [Fact]
    public void S3_connection_string_is_read_in_any_order_and_case()
    {
        var connection = S3Connection.Parse("bucket=my-images; secretkey='a;b=c'; AccessKey=ann; Region=eu-west-1; Endpoint=https://s3.test");

        Assert.Equal(new S3Connection(new Uri("https://s3.test"), "ann", "a;b=c", "my-images", "eu-west-1"), connection);
    }

    [Fact]
    public void Region_defaults_to_us_east_1() =>
        Assert.Equal("us-east-1", S3Connection.Parse("Endpoint=http://s3:9000;AccessKey=a;SecretKey=b;Bucket=images").Region);

    [Fact]
    public void S3_connection_as_text_contains_no_keys() =>
        Assert.Equal(
            "bucket images at http://s3:9000/",
            S3Connection.Parse("Endpoint=http://s3:9000;AccessKey=ann;SecretKey=hidden;Bucket=images").ToString());

    [Theory]
    [InlineData(null, "is not set")]
    [InlineData(" ", "is not set")]
    [InlineData("hidden", "could not be parsed")]
    [InlineData("Endpoint=http://s3:9000;AccessKey=a;SecretKey=hidden", "has no Bucket")]
    [InlineData("Endpoint=http://s3:9000;AccessKey=;SecretKey=hidden;Bucket=images", "has no AccessKey")]
    [InlineData("Endpoint=http://s3:9000;AccessKey=a;Bucket=images", "has no SecretKey")]
    [InlineData("AccessKey=a;SecretKey=hidden;Bucket=images", "has no Endpoint")]
    [InlineData("Endpoint=s3:9000;AccessKey=a;SecretKey=hidden;Bucket=images", "Endpoint is 's3:9000'")]
    [InlineData("Endpoint=http://s3:9000/images;AccessKey=a;SecretKey=hidden;Bucket=images", "without a path")]
    [InlineData("Endpoint=http://s3:9000;AccessKey=a;SecretKey=hidden;Bucket=My_Images", "Bucket is 'My_Images'")]
    [InlineData("Endpoint=http://s3:9000;AccessKey=a;SecretKey=hidden;Bucket=images;Zone=x", "unknown part 'zone'")]
    public void Invalid_part_of_the_S3_connection_string_is_reported_in_one_line(string? text, string problem)
    {
        var line = Assert.Single(Assert.Throws<OptionsValidationException>(() => S3Connection.Parse(text)).Failures);

        Assert.StartsWith("ConnectionStrings__images", line, StringComparison.Ordinal);
        Assert.Contains(problem, line, StringComparison.Ordinal);
        Assert.DoesNotContain("hidden", line, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', line);
    }

    [Fact]
    public void Each_invalid_part_of_the_S3_connection_string_is_reported() =>
        Assert.Equal(
            ["AccessKey", "SecretKey", "Endpoint"],
            Assert.Throws<OptionsValidationException>(() => S3Connection.Parse("Endpoint=nowhere;Bucket=images")).Failures
                .Select(line => line.Split(' ', ';', '.').First(word => word is "AccessKey" or "SecretKey" or "Endpoint")));
}
