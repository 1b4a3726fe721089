using System.Text;
using McpImageGen.Contracts;
using McpImageGen.Contracts.Models;
using McpImageGen.GenerationWorker.WorkersAi;
using SkiaSharp;

namespace McpImageGen.Tests.WorkersAi;

public sealed class WorkersAiResponseTests
{
    private static readonly string[] Formats = ["jpeg", "png", "webp", "gif", "avif"];
    private static readonly bool[] InJson = [true, false];
    private static readonly string?[] ContentTypes = ["application/json", "image/png", "image/jpeg", "text/html", null];

    public static TheoryData<string, bool, string?> Forms => new(
        from format in Formats
        from inJson in InJson
        from contentType in ContentTypes
        select (format, inJson, contentType));

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task Image_is_read_as_bytes_or_JSON_from_every_model_regardless_of_content_type(string format, bool inJson, string? contentType)
    {
        var file = SampleImages.Of(format);
        var body = inJson ? Encoding.UTF8.GetBytes(SampleImages.Envelope(file)) : file;
        await using var provider = await ScriptedProvider.AnsweringAsync(200, contentType, body);

        foreach (var model in ImageModel.All)
        {
            var image = await ClientHost.GenerateAsync(provider, model.Name);

            Assert.Equal(file, image.Bytes.ToArray());
            Assert.Equal($"image/{format}", image.Format.ContentType);
            Assert.Equal(format == "jpeg" ? "jpg" : format, image.Format.Extension);
        }
    }

    [Fact]
    public async Task Image_after_other_JSON_fields_and_with_escaped_slashes_is_found()
    {
        var base64 = Convert.ToBase64String(SampleImages.Jpeg).Replace("/", "\\/", StringComparison.Ordinal);
        await using var provider = await ScriptedProvider.AnsweringAsync(
            200, "application/json", $$$"""{"image":"no","messages":[{"result":{"image":1}}],"result":{"seed":{"image":2},"image":"{{{base64}}}"}}""");

        var image = await ClientHost.GenerateAsync(provider, ImageModel.FluxSchnell);

        Assert.Equal(SampleImages.Jpeg, image.Bytes.ToArray());
    }

    public static TheoryData<string, string> Trailers => new(
        from format in Formats
        from trailer in new[] { "\n", "\r\n", "\0\0\0", " " }
        select (format, trailer));

    [Theory]
    [MemberData(nameof(Trailers))]
    public async Task White_space_and_zero_bytes_after_an_image_are_removed(string format, string trailer)
    {
        var file = SampleImages.Of(format);
        await using var provider = await ScriptedProvider.AnsweringAsync(200, "application/octet-stream", [.. file, .. Encoding.ASCII.GetBytes(trailer)]);

        Assert.Equal(file, (await ClientHost.GenerateAsync(provider, ImageModel.SdxlBase)).Bytes.ToArray());
    }

    [Theory]
    [InlineData(SKEncodedImageFormat.Jpeg)]
    [InlineData(SKEncodedImageFormat.Png)]
    [InlineData(SKEncodedImageFormat.Webp)]
    public async Task Any_bytes_after_an_image_are_removed(SKEncodedImageFormat format)
    {
        var file = SampleImages.Encoded(format);
        await using var provider = await ScriptedProvider.AnsweringAsync(200, "image/jpeg", [.. file, .. "\r\n--boundary--\r\n"u8]);

        Assert.Equal(file, (await ClientHost.GenerateAsync(provider, ImageModel.SdxlBase)).Bytes.ToArray());
    }

    [Theory]
    [InlineData(SKEncodedImageFormat.Jpeg)]
    [InlineData(SKEncodedImageFormat.Png)]
    [InlineData(SKEncodedImageFormat.Webp)]
    public async Task Truncated_image_is_detected_at_every_length(SKEncodedImageFormat format)
    {
        var file = SampleImages.Encoded(format);
        foreach (var length in new[] { 20, file.Length / 3, file.Length / 2, file.Length - 12, file.Length - 1 })
        {
            await using var provider = await ScriptedProvider.AnsweringAsync(200, "image/jpeg", file[..length]);
            using var host = new ClientHost(provider.Address);

            Assert.Equal(ErrorCode.BrokenAnswer, (await host.FailAsync()).Code);
        }
    }

    [Fact]
    public async Task End_of_an_embedded_JPEG_thumbnail_is_not_treated_as_the_end_of_the_image()
    {
        var thumbnail = SampleImages.Encoded(SKEncodedImageFormat.Jpeg);
        byte[] segment = [0xFF, 0xE1, (byte)((thumbnail.Length + 2) >> 8), (byte)(thumbnail.Length + 2), .. thumbnail];
        byte[] file = [.. thumbnail[..2], .. segment, .. thumbnail[2..]];

        await using var whole = await ScriptedProvider.AnsweringAsync(200, "image/jpeg", file);
        await using var cut = await ScriptedProvider.AnsweringAsync(200, "image/jpeg", file[..(segment.Length + 100)]);
        using var host = new ClientHost(cut.Address);

        Assert.Equal(file, (await ClientHost.GenerateAsync(whole, ImageModel.SdxlBase)).Bytes.ToArray());
        Assert.Equal(ErrorCode.BrokenAnswer, (await host.FailAsync()).Code);
    }

    [Theory]
    [InlineData("""{"result":{"image":"BASE64"}}""")]
    [InlineData("""{"result":{"image":"data:image/jpeg;base64,BASE64"}}""")]
    [InlineData("""{"image":"BASE64"}""")]
    [InlineData("""{"image":"data:image/jpeg;base64,BASE64"}""")]
    [InlineData("""{"image":"BASE64\n"}""")]
    [InlineData("data:image/jpeg;base64,BASE64")]
    [InlineData("BASE64\n")]
    [InlineData("\uFEFF{\"image\":\"BASE64\"}")]
    public async Task Base64_image_is_read_with_or_without_an_envelope_and_as_a_data_URI(string body)
    {
        await using var provider = await ScriptedProvider.AnsweringAsync(
            200, "application/json", body.Replace("BASE64", Convert.ToBase64String(SampleImages.Jpeg), StringComparison.Ordinal));

        Assert.Equal(SampleImages.Jpeg, (await ClientHost.GenerateAsync(provider, ImageModel.FluxSchnell)).Bytes.ToArray());
    }

    [Fact]
    public async Task Large_chunked_image_is_read_completely()
    {
        byte[] file = [.. SampleImages.Jpeg[..^2], .. Enumerable.Repeat((byte)7, 5_000_000), 0xFF, 0xD9];
        await using var provider = await ScriptedProvider.AnsweringAsync(async context =>
        {
            foreach (var chunk in file.Chunk(70_000))
            {
                await context.Response.Body.WriteAsync(chunk, context.RequestAborted);
                await context.Response.Body.FlushAsync(context.RequestAborted);
            }
        });

        Assert.Equal(file, (await ClientHost.GenerateAsync(provider, ImageModel.SdxlBase)).Bytes.ToArray());
    }

    public static TheoryData<string, byte[]> BrokenBodies => new()
    {
        { "image/png", [] },
        { "application/json", [] },
        { "image/jpeg", SampleImages.Jpeg[..^1] },
        { "image/jpeg", SampleImages.Jpeg[..500] },
        { "image/png", SampleImages.Png[..^1] },
        { "image/png", SampleImages.Png[..8] },
        { "image/webp", SampleImages.Webp[..^1] },
        { "image/webp", SampleImages.Webp[..12] },
        { "image/gif", SampleImages.Gif[..^1] },
        { "image/avif", SampleImages.Avif[..^1] },
        { "image/bmp", "BM, which no model draws"u8.ToArray() },
        { "application/json", """{"image":"data:image/jpeg;base64"}"""u8.ToArray() },
        { "text/html", "<html>Bad day</html>"u8.ToArray() },
        { "application/json", "null"u8.ToArray() },
        { "application/json", "[]"u8.ToArray() },
        { "application/json", """{"result":{}}"""u8.ToArray() },
        { "application/json", """{"result":null,"success":true}"""u8.ToArray() },
        { "application/json", """{"result":{"image":null}}"""u8.ToArray() },
        { "application/json", """{"result":{"image":""}}"""u8.ToArray() },
        { "application/json", """{"result":{"image":"!!!"}}"""u8.ToArray() },
        { "application/json", """{"result":{"image":"\uD800"}}"""u8.ToArray() },
        { "application/json", Encoding.UTF8.GetBytes(SampleImages.Envelope("no image"u8.ToArray())) },
        { "application/json", Encoding.UTF8.GetBytes(SampleImages.Envelope(SampleImages.Jpeg[..^2])) },
        { "application/json", Encoding.UTF8.GetBytes(SampleImages.Envelope(SampleImages.Jpeg)[..900]) },
    };

    [Theory]
    [MemberData(nameof(BrokenBodies))]
    public async Task Success_without_a_complete_image_is_a_transient_charged_failure(string contentType, byte[] body)
    {
        await using var provider = await ScriptedProvider.AnsweringAsync(200, contentType, body);
        using var host = new ClientHost(provider.Address);

        var failure = await host.FailAsync();

        Assert.Equal((WorkersAiFailureKind.Transient, ErrorCode.BrokenAnswer, true), (failure.Kind, failure.Code, failure.WasCharged));
    }

    [Theory]
    [InlineData(200, """{"errors":[{"code":9999,"message":"Something"}],"success":false}""", null, false)]
    [InlineData(200, """{"errors":[{"code":9999,"message":"Something"}],"success":false}""", "57.6", true)]
    [InlineData(500, "", null, false)]
    public async Task Error_is_charged_only_if_the_response_contains_a_cost(int status, string body, string? neurons, bool wasCharged)
    {
        await using var provider = await ScriptedProvider.AnsweringAsync(
            status, "application/json", body, neurons is null ? [] : [("cf-ai-neurons", neurons)]);
        using var host = new ClientHost(provider.Address);

        Assert.Equal(wasCharged, (await host.FailAsync()).WasCharged);
    }

    [Fact]
    public async Task Connection_lost_within_an_image_is_charged()
    {
        await using var provider = await ScriptedProvider.AnsweringAsync(async context =>
        {
            // More than the sockets hold, so the client has read the status before the connection is cut.
            await context.Response.Body.WriteAsync(new byte[20_000_000], context.RequestAborted);
            context.Abort();
        });
        using var host = new ClientHost(provider.Address);

        var failure = await host.FailAsync();

        Assert.Equal((ErrorCode.ConnectionLost, true), (failure.Code, failure.WasCharged));
    }

    [Fact]
    public async Task Endless_response_is_aborted()
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var provider = await ScriptedProvider.AnsweringAsync(async context =>
        {
            try
            {
                await context.Response.Body.WriteAsync(SampleImages.Jpeg, context.RequestAborted);
                while (true)
                    await context.Response.Body.WriteAsync(new byte[1_000_000], context.RequestAborted);
            }
            catch (OperationCanceledException)
            {
                ended.SetResult();
            }
        });
        using var host = new ClientHost(provider.Address);

        var failure = await host.FailAsync();

        Assert.Equal(ErrorCode.BrokenAnswer, failure.Code);
        await ended.Task.WaitAsync(TestContext.Current.CancellationToken);
    }

    [Theory]
    [InlineData("flux-schnell", null, "12.5", 12.5)]
    [InlineData("flux-schnell", null, "0", 0.0)]
    [InlineData("flux-schnell", null, null, 57.6)]
    [InlineData("flux-schnell", 8, null, 96.0)]
    [InlineData("flux-schnell", null, "much", 57.6)]
    [InlineData("flux-schnell", null, "-1", 57.6)]
    [InlineData("flux-schnell", null, "NaN", 57.6)]
    [InlineData("sdxl-lightning", null, null, 0.0)]
    [InlineData("sdxl-base", null, "3", 3.0)]
    [InlineData("sdxl-base", null, null, null)]
    public async Task Cost_is_taken_from_the_response_or_else_from_the_price_list(string model, int? steps, string? header, double? neurons)
    {
        await using var provider = await ScriptedProvider.AnsweringAsync(
            200, "image/png", SampleImages.Png, header is null ? [] : [("cf-ai-neurons", header)]);

        var image = await ClientHost.GenerateAsync(provider, model, new GenerationParameters(Steps: steps));

        Assert.Equal(neurons, image.Neurons.HasValue ? Math.Round(image.Neurons.Value, 6) : null);
    }
}
