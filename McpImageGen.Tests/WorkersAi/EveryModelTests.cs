using McpImageGen.Contracts;
using McpImageGen.Contracts.Models;
using McpImageGen.GenerationWorker.WorkersAi;
using McpImageGen.Tests.Emulator;

namespace McpImageGen.Tests.WorkersAi;

/// <summary>The client asks the emulator, which is as strict as Workers AI, for what the catalogue offers.</summary>
public sealed class EveryModelTests : IAsyncLifetime
{
    private RunningEmulator _emulator = null!;
    private ClientHost _host = null!;

    public static TheoryData<string> Models => [.. ImageModel.All.Select(model => model.Name)];

    public static TheoryData<string> ModelsThatStartFromImages =>
        [.. ImageModel.All.Where(model => model.InputImages > 0).Select(model => model.Name)];

    public async ValueTask InitializeAsync()
    {
        _emulator = await RunningEmulator.StartAsync(settings: ("Emulator:ApiToken", ClientHost.Token));
        _host = new ClientHost(new Uri(_emulator.Client.BaseAddress!, "/client/v4/").AbsoluteUri);
    }

    public async ValueTask DisposeAsync()
    {
        _host.Dispose();
        await _emulator.DisposeAsync();
    }

    [Theory]
    [MemberData(nameof(Models))]
    public async Task Prompt_without_parameters_generates_an_image_of_the_default_size(string name)
    {
        var model = ImageModel.Find(name)!;

        var image = await GenerateAsync(name, GenerationParameters.ModelDefaults);

        Assert.Equal((OwnSide(model, ParameterName.Width, model.Fixed.Width), OwnSide(model, ParameterName.Height, model.Fixed.Height)), SizeOf(image));
        AssertPrice(model, GenerationParameters.ModelDefaults, 0, image);
    }

    [Theory]
    [MemberData(nameof(Models))]
    public async Task Model_accepts_the_minimum_of_every_parameter(string name) =>
        await AssertDrawnAsync(name, parameter => parameter.Minimum);

    [Theory]
    [MemberData(nameof(Models))]
    public async Task Model_accepts_the_maximum_of_every_parameter(string name) =>
        await AssertDrawnAsync(name, parameter => parameter.Maximum);

    [Theory]
    [MemberData(nameof(ModelsThatStartFromImages))]
    public async Task Edit_model_accepts_the_maximum_number_of_input_images(string name)
    {
        var model = ImageModel.Find(name)!;
        var start = (await GenerateAsync(ImageModel.SdxlLightning, new GenerationParameters(Width: 256, Height: 256))).Bytes.ToArray();
        byte[][] starts = [.. Enumerable.Repeat(start, model.InputImages)];

        var image = await GenerateAsync(name, new GenerationParameters(Width: 512, Height: 512), starts);

        Assert.Equal((512, 512), SizeOf(image));
        AssertPrice(model, new GenerationParameters(Width: 512, Height: 512), starts.Length, image);
    }

    [Theory]
    [InlineData(ImageModel.FluxSchnell, 1)]
    [InlineData(ImageModel.Flux2Dev, 5)]
    public async Task Too_many_input_images_are_rejected(string name, int images)
    {
        var refused = await Assert.ThrowsAsync<WorkersAiException>(
            () => GenerateAsync(name, GenerationParameters.ModelDefaults, [.. Enumerable.Repeat(SampleImages.Jpeg, images)]));

        Assert.Equal((WorkersAiFailureKind.Permanent, ErrorCode.InvalidRequest), (refused.Failure.Kind, refused.Failure.Code));
        Assert.Contains("Choose another model", refused.Message, StringComparison.Ordinal);
    }

    private async Task AssertDrawnAsync(string name, Func<ModelParameter, double> value)
    {
        var model = ImageModel.Find(name)!;
        var parameters = new GenerationParameters(
            (long?)Value(ParameterName.Seed),
            (int?)Value(ParameterName.Width),
            (int?)Value(ParameterName.Height),
            (int?)Value(ParameterName.Steps),
            Value(ParameterName.NegativePrompt) is { } length ? new string('x', (int)length) : null,
            Value(ParameterName.Guidance));

        var image = await GenerateAsync(name, parameters);

        Assert.Equal((parameters.Width ?? model.Fixed.Width, parameters.Height ?? model.Fixed.Height), SizeOf(image));
        AssertPrice(model, parameters, 0, image);

        double? Value(string parameter) => model.Parameter(parameter) is { } taken ? value(taken) : null;
    }

    private Task<GeneratedImage> GenerateAsync(string model, GenerationParameters parameters, params byte[][] inputImages) =>
        _host.Client.GenerateAsync(ClientHost.Command(model, parameters), inputImages, TestContext.Current.CancellationToken);

    /// <summary>The emulator says the price as Workers AI does, to two places.</summary>
    private static void AssertPrice(ImageModel model, GenerationParameters parameters, int inputImages, GeneratedImage image)
    {
        var price = model.Neurons?.Invoke(parameters, inputImages);
        Assert.Equal(price.HasValue, image.Neurons.HasValue);
        Assert.Equal(price ?? 0, image.Neurons ?? 0, tolerance: 0.006);
    }

    private static int? OwnSide(ImageModel model, string name, int? always) => (int?)model.Parameter(name)?.Default ?? always ?? 1024;

    private static (int? Width, int? Height) SizeOf(GeneratedImage image)
    {
        var (_, width, height) = RunningEmulator.Decoded(image.Bytes.ToArray());
        return (width, height);
    }
}
