using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using SkiaSharp;
using static McpImageGen.Tests.Emulator.RunningEmulator;

namespace McpImageGen.Tests.Emulator;

public sealed class SchemaTests
{
    private static readonly string[] Json = [Schnell, Lightning, SdxlBase, Dreamshaper, Lucid, Phoenix];
    private static readonly string[] Forms = [Flux2, Klein4B, Klein9B];

    public static TheoryData<string> JsonModels => [.. Json];

    public static TheoryData<string> FormModels => [.. Forms];

    public static TheoryData<string> Models => [.. Json, .. Forms];

    [Theory]
    [InlineData(Schnell, """{"prompt":"a","steps":8}""")]
    [InlineData(Schnell, """{"prompt":"a","steps":4.0}""")]
    [InlineData(Lightning, """{"prompt":"a","negative_prompt":"b","width":256,"height":320,"num_steps":20,"guidance":7.5,"seed":-1}""")]
    [InlineData(SdxlBase, """{"prompt":"a","negative_prompt":"b","width":256,"height":320,"num_steps":1,"guidance":7,"seed":1}""")]
    [InlineData(Dreamshaper, """{"prompt":"a","negative_prompt":"","width":256,"height":320,"num_steps":4,"guidance":0.5,"seed":1}""")]
    [InlineData(Lucid, """{"prompt":"a","width":256,"height":320,"steps":40,"guidance":10,"seed":1}""")]
    [InlineData(Lucid, """{"prompt":"a","num_steps":1,"width":0}""")]
    [InlineData(Phoenix, """{"prompt":"a","negative_prompt":"b","width":256,"height":320,"num_steps":50,"guidance":2,"seed":1}""")]
    public async Task All_documented_JSON_fields_are_accepted(string model, string body)
    {
        await using var emulator = await StartAsync();

        using var response = await emulator.RunAsync(model, JsonDocument.Parse(body));

        Decoded(await ImageOfAsync(response));
    }

    [Theory]
    [InlineData(Flux2, "50")]
    [InlineData(Klein4B, "4")]
    [InlineData(Klein9B, "4")]
    public async Task All_documented_form_fields_are_accepted(string model, string steps)
    {
        await using var emulator = await StartAsync();

        using var response = await emulator.RunFormAsync(
            model, ("prompt", "a"), ("width", "256"), ("height", "320"), ("guidance", "3.5"), ("seed", "7"), ("steps", steps));

        Assert.Equal((SKEncodedImageFormat.Jpeg, 256, 320), Decoded(await ImageOfAsync(response)));
    }

    [Fact]
    public async Task Flux_schnell_accepts_a_seed_unless_the_published_schema_is_enforced()
    {
        await using var emulator = await StartAsync();
        await using var strict = await StartAsync(settings: ("Emulator:StrictSchema", "true"));

        using var accepted = await emulator.RunAsync(Schnell, new { prompt = "a", seed = 1 });
        using var refused = await strict.RunAsync(Schnell, new { prompt = "a", seed = 1 });

        Assert.NotEqual(await ImageOfAsync(await emulator.PromptAsync(Schnell, "a")), await ImageOfAsync(accepted));
        await AssertRefusedAsync(refused, "additional properties at '/' are not allowed: 'seed'");
    }

    [Theory]
    [InlineData(Schnell, """{"prompt":"a","width":512}""", "additional properties at '/' are not allowed: 'width'")]
    [InlineData(Schnell, """{"prompt":"a","steps":9}""", "'/steps' must be <= 8")]
    [InlineData(Schnell, """{"prompt":"a","steps":4.5}""", "Type mismatch of '/steps', 'number' not in 'integer'")]
    [InlineData(Schnell, """{"prompt":"a","steps":"4"}""", "Type mismatch of '/steps', 'string' not in 'integer'")]
    [InlineData(Lightning, """{"prompt":"a","num_steps":21}""", "'/num_steps' must be <= 20")]
    [InlineData(Lightning, """{"prompt":"a","steps":4}""", "additional properties at '/' are not allowed: 'steps'")]
    [InlineData(SdxlBase, """{"prompt":"a","width":255}""", "'/width' must be >= 256")]
    [InlineData(SdxlBase, """{"prompt":"a","height":2049}""", "'/height' must be <= 2048")]
    [InlineData(Dreamshaper, """{"prompt":"a","seed":null}""", "Type mismatch of '/seed', 'null' not in 'integer'")]
    [InlineData(Dreamshaper, """{"prompt":"a","guidance":true}""", "Type mismatch of '/guidance', 'boolean' not in 'number'")]
    [InlineData(Lucid, """{"prompt":"a","guidance":10.5}""", "'/guidance' must be <= 10")]
    [InlineData(Lucid, """{"prompt":"a","width":2501}""", "'/width' must be <= 2500")]
    [InlineData(Lucid, """{"prompt":"a","steps":41}""", "'/steps' must be <= 40")]
    [InlineData(Lucid, """{"prompt":"a","negative_prompt":"b"}""", "additional properties at '/' are not allowed: 'negative_prompt'")]
    [InlineData(Phoenix, """{"prompt":"a","guidance":1.9}""", "'/guidance' must be >= 2")]
    [InlineData(Phoenix, """{"prompt":"a","num_steps":51}""", "'/num_steps' must be <= 50")]
    [InlineData(Phoenix, """{"prompt":["a"]}""", "Type mismatch of '/prompt', 'array' not in 'string'")]
    public async Task JSON_value_outside_the_schema_is_rejected(string model, string body, string problem)
    {
        await using var emulator = await StartAsync();

        using var response = await emulator.RunAsync(model, JsonDocument.Parse(body));

        await AssertRefusedAsync(response, problem);
    }

    [Theory]
    [InlineData(Flux2, "width", "1921", "'/width' must be <= 1920")]
    [InlineData(Flux2, "height", "255", "'/height' must be >= 256")]
    [InlineData(Flux2, "seed", "x", "Type mismatch of '/seed', 'string' not in 'integer'")]
    [InlineData(Flux2, "num_steps", "4", "additional properties at '/' are not allowed: 'num_steps'")]
    [InlineData(Klein4B, "steps", "5", "'/steps' must be <= 4")]
    [InlineData(Klein9B, "steps", "3", "'/steps' must be >= 4")]
    public async Task Form_value_outside_the_schema_is_rejected(string model, string name, string value, string problem)
    {
        await using var emulator = await StartAsync();

        using var response = await emulator.RunFormAsync(model, ("prompt", "a"), (name, value));

        await AssertRefusedAsync(response, problem);
    }

    [Theory]
    [MemberData(nameof(Models))]
    public async Task Empty_or_too_long_prompt_is_rejected(string model)
    {
        await using var emulator = await StartAsync();

        using var empty = await emulator.PromptAsync(model, "");
        using var max = await emulator.PromptAsync(model, new string('x', 2048));
        using var tooLong = await emulator.PromptAsync(model, new string('x', 2049));

        await AssertRefusedAsync(empty, "Length of '/prompt' must be >= 1");
        await ImageOfAsync(max);
        await AssertRefusedAsync(tooLong, "Length of '/prompt' must be <= 2048");
    }

    [Theory]
    [MemberData(nameof(JsonModels))]
    public async Task JSON_model_rejects_a_missing_prompt_and_a_form(string model)
    {
        await using var emulator = await StartAsync();

        using var missing = await emulator.RunAsync(model, new { });
        using var form = await emulator.RunFormAsync(model, ("prompt", "a"));

        await AssertRefusedAsync(missing, "required properties at '/' are 'prompt'");
        await AssertRefusedAsync(form, "required properties at '/' are 'prompt'");
    }

    [Theory]
    [MemberData(nameof(FormModels))]
    public async Task Flux_2_model_rejects_JSON_and_a_form_without_a_prompt(string model)
    {
        await using var emulator = await StartAsync();

        using var json = await emulator.RunAsync(model, new { prompt = "a" });
        using var missing = await emulator.RunFormAsync(model, ("seed", "1"));

        await AssertRefusedAsync(json, "required properties at '/' are 'multipart'");
        await AssertRefusedAsync(missing, "required properties at '/' are 'prompt'");
    }

    [Theory]
    [InlineData("application/json", "no json")]
    [InlineData("application/json", "")]
    [InlineData("multipart/form-data; boundary=x", "no form")]
    public async Task Unreadable_body_is_rejected(string contentType, string body)
    {
        await using var emulator = await StartAsync();
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);
        var model = contentType.StartsWith("multipart", StringComparison.Ordinal) ? Flux2 : Schnell;

        using var response = await emulator.Client.PostAsync(
            $"/client/v4/accounts/any/ai/run/{model}", content, TestContext.Current.CancellationToken);

        var error = await ErrorOfAsync(response);
        Assert.Equal((400, 5004), (error.Status, error.Code));
    }

    [Theory]
    [InlineData(513, "'/input_image_3' must be smaller than 512x512")]
    [InlineData(0, "'/input_image_3' is not an image")]
    public async Task Input_image_that_is_too_large_or_not_an_image_is_rejected(int width, string problem)
    {
        await using var emulator = await StartAsync();
        using var form = new MultipartFormDataContent
        {
            { new StringContent("a"), "prompt" },
            { new ByteArrayContent(width == 0 ? [1, 2, 3] : Png(width)), "input_image_3", "image" },
        };

        using var response = await emulator.RunFormAsync(Flux2, form);

        await AssertRefusedAsync(response, problem);
    }

    [Fact]
    public async Task Body_of_more_than_10_MB_is_rejected()
    {
        await using var emulator = await StartAsync();

        using var response = await emulator.RunAsync(Schnell, new { prompt = new string('x', 10_000_000) });

        var error = await ErrorOfAsync(response);
        Assert.Equal((413, 3006), (error.Status, error.Code));
    }

    [Theory]
    [InlineData("@cf/black-forest-labs/flux-9")]
    [InlineData("flux-schnell")]
    public async Task Unknown_model_is_rejected(string model)
    {
        await using var emulator = await StartAsync();

        using var response = await emulator.RunAsync(model, new { prompt = "a" });

        var error = await ErrorOfAsync(response);
        Assert.Equal((400, 5007), (error.Status, error.Code));
        Assert.Contains($"No such model {model} or task", error.Message, StringComparison.Ordinal);
    }

    private static byte[] Png(int width)
    {
        using var picture = new SKBitmap(width, 8);
        using var file = picture.Encode(SKEncodedImageFormat.Png, 100);
        return file.ToArray();
    }

    private static async Task AssertRefusedAsync(HttpResponseMessage response, string problem)
    {
        var error = await ErrorOfAsync(response);
        Assert.Equal((400, 5006), (error.Status, error.Code));
        Assert.StartsWith($"AiError: AiError: Bad input: Error: {problem} (", error.Message, StringComparison.Ordinal);
    }
}
