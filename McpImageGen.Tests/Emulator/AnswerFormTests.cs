using System.Text.RegularExpressions;
using SkiaSharp;
using static McpImageGen.Tests.Emulator.RunningEmulator;

namespace McpImageGen.Tests.Emulator;

public sealed partial class AnswerFormTests
{
    [Theory]
    [InlineData(Schnell, "application/json", SKEncodedImageFormat.Jpeg, 1024, 1024)]
    [InlineData(Lightning, "image/png", SKEncodedImageFormat.Jpeg, 1024, 1024)]
    [InlineData(SdxlBase, "image/png", SKEncodedImageFormat.Png, 1024, 1024)]
    [InlineData(Dreamshaper, "image/png", SKEncodedImageFormat.Png, 1024, 1024)]
    [InlineData(Lucid, "application/json", SKEncodedImageFormat.Jpeg, 1120, 1120)]
    [InlineData(Phoenix, "image/jpeg", SKEncodedImageFormat.Jpeg, 1024, 1024)]
    [InlineData(Flux2, "application/json", SKEncodedImageFormat.Jpeg, 1024, 768)]
    [InlineData(Klein4B, "application/json", SKEncodedImageFormat.Jpeg, 1024, 768)]
    [InlineData(Klein9B, "application/json", SKEncodedImageFormat.Jpeg, 1024, 768)]
    public async Task Each_model_returns_its_documented_response_format_and_image_size(
        string model, string contentType, SKEncodedImageFormat format, int width, int height)
    {
        await using var emulator = await StartAsync();

        using var response = await emulator.PromptAsync(model, "a lighthouse");

        Assert.Equal(contentType, response.Content.Headers.ContentType?.MediaType);
        Assert.Equal((format, width, height), Decoded(await ImageOfAsync(response)));
    }

    [Theory]
    [InlineData(Schnell, "57.6")]
    [InlineData(Lightning, "0")]
    [InlineData(SdxlBase, null)]
    [InlineData(Dreamshaper, null)]
    [InlineData(Lucid, "6024")]
    [InlineData(Phoenix, "2370")]
    [InlineData(Flux2, "3750")]
    [InlineData(Klein4B, "104.2")]
    [InlineData(Klein9B, "1363.64")]
    public async Task Response_header_contains_the_cost_unless_the_model_has_no_price(string model, string? neurons)
    {
        await using var emulator = await StartAsync();

        using var response = await emulator.PromptAsync(model, "a lighthouse");

        Assert.Equal(neurons, response.Headers.TryGetValues("cf-ai-neurons", out var values) ? values.Single() : null);
    }

    [Fact]
    public async Task Cost_includes_input_images()
    {
        await using var emulator = await StartAsync();
        using var picture = new SKBitmap(64, 64);
        using var file = picture.Encode(SKEncodedImageFormat.Png, 100);
        using var form = new MultipartFormDataContent
        {
            { new StringContent("a lighthouse"), "prompt" },
            { new ByteArrayContent(file.ToArray()), "input_image_0", "first.png" },
        };

        using var response = await emulator.RunFormAsync(Klein4B, form);

        Assert.Equal("109.57", response.Headers.GetValues("cf-ai-neurons").Single());
    }

    [Fact]
    public async Task Every_response_has_a_cf_ray_and_a_request_id_that_errors_repeat()
    {
        await using var emulator = await StartAsync();

        using var picture = await emulator.PromptAsync(Schnell, "a lighthouse");
        using var refused = await emulator.RunAsync(Schnell, new { prompt = "" });

        Assert.Matches(Ray(), picture.Headers.GetValues("cf-ray").Single());
        Assert.True(Guid.TryParse(picture.Headers.GetValues("cf-ai-req-id").Single(), out _));
        Assert.Matches(Ray(), refused.Headers.GetValues("cf-ray").Single());
        var error = await ErrorOfAsync(refused);
        Assert.StartsWith("AiError: AiError: ", error.Message, StringComparison.Ordinal);
        Assert.EndsWith($"({refused.Headers.GetValues("cf-ai-req-id").Single()})", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Quotes_in_error_messages_are_not_escaped()
    {
        await using var emulator = await StartAsync();

        using var response = await emulator.RunAsync(Flux2, new { prompt = "a" });

        Assert.Contains(
            "required properties at '/' are 'multipart'",
            await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AI_Gateway_address_returns_the_same_image_format_as_the_direct_address()
    {
        await using var emulator = await StartAsync();

        using var response = await emulator.Client.PostAsync(
            $"/v1/any/my-gateway/workers-ai/{Schnell}", new StringContent("""{"prompt":"a lighthouse"}"""), TestContext.Current.CancellationToken);

        Assert.Equal((SKEncodedImageFormat.Jpeg, 1024, 1024), Decoded(await ImageOfAsync(response)));
    }

    [GeneratedRegex("^[0-9a-f]{16}-[A-Z]{3}$")]
    private static partial Regex Ray();
}
