using System.Text;
using McpImageGen.Contracts;
using McpImageGen.GenerationWorker.WorkersAi;

namespace McpImageGen.Tests.WorkersAi;

public sealed class WorkersAiResponseTests
{
    private static readonly string[] Formats = ["jpeg", "png", "webp"];
    private static readonly bool[] InJson = [true, false];
    private static readonly string?[] ContentTypes = ["application/json", "image/png", "image/jpeg", "text/html", null];

    public static TheoryData<string, bool, string?> Forms => new(
        from format in Formats
        from inJson in InJson
        from contentType in ContentTypes
        select (format, inJson, contentType));

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task An_image_is_taken_in_either_form_from_any_model_whatever_it_is_labelled(string format, bool inJson, string? contentType)
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
    public async Task An_image_after_other_fields_and_with_escaped_slashes_is_found()
    {
        var base64 = Convert.ToBase64String(SampleImages.Jpeg).Replace("/", "\\/", StringComparison.Ordinal);
        await using var provider = await ScriptedProvider.AnsweringAsync(
            200, "application/json", $$$"""{"image":"no","messages":[{"result":{"image":1}}],"result":{"seed":{"image":2},"image":"{{{base64}}}"}}""");

        var image = await ClientHost.GenerateAsync(provider, ImageModel.FluxSchnell);

        Assert.Equal(SampleImages.Jpeg, image.Bytes.ToArray());
    }

    [Fact]
    public async Task Zero_bytes_after_the_end_of_a_jpeg_are_let_pass()
    {
        await using var provider = await ScriptedProvider.AnsweringAsync(200, "image/jpeg", [.. SampleImages.Jpeg, 0, 0, 0]);

        Assert.Equal(ImageFormat.Jpeg, (await ClientHost.GenerateAsync(provider, ImageModel.SdxlBase)).Format);
    }

    [Fact]
    public async Task An_image_of_many_megabytes_in_chunks_of_unknown_number_arrives_whole()
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
        { "image/png", "GIF89a, which no model draws"u8.ToArray() },
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
    public async Task A_success_without_a_whole_image_is_transient(string contentType, byte[] body)
    {
        await using var provider = await ScriptedProvider.AnsweringAsync(200, contentType, body);
        using var host = new ClientHost(provider.Address);

        var failure = await host.FailAsync();

        Assert.Equal((WorkersAiFailureKind.Transient, TransientCode.BrokenAnswer), (failure.Kind, failure.Code));
    }

    [Fact]
    public async Task An_answer_without_end_is_cut_off()
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

        Assert.Equal(TransientCode.BrokenAnswer, failure.Code);
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
    public async Task The_cost_is_what_the_answer_says_else_what_the_price_list_says(string model, int? steps, string? header, double? neurons)
    {
        await using var provider = await ScriptedProvider.AnsweringAsync(
            200, "image/png", SampleImages.Png, header is null ? [] : [("cf-ai-neurons", header)]);

        var image = await ClientHost.GenerateAsync(provider, model, new GenerationParameters(Steps: steps));

        Assert.Equal(neurons, image.Neurons.HasValue ? Math.Round(image.Neurons.Value, 6) : null);
    }
}
