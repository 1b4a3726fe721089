using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using McpImageGen.WorkersAiEmulator;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using SkiaSharp;

namespace McpImageGen.Tests.Emulator;

/// <summary>The emulator on a real port, without latency unless a test sets one.</summary>
internal sealed class RunningEmulator : IAsyncDisposable
{
    public const string Schnell = "@cf/black-forest-labs/flux-1-schnell";
    public const string Lightning = "@cf/bytedance/stable-diffusion-xl-lightning";
    public const string SdxlBase = "@cf/stabilityai/stable-diffusion-xl-base-1.0";
    public const string Dreamshaper = "@cf/lykon/dreamshaper-8-lcm";
    public const string Lucid = "@cf/leonardo/lucid-origin";
    public const string Phoenix = "@cf/leonardo/phoenix-1.0";
    public const string Flux2 = "@cf/black-forest-labs/flux-2-dev";
    public const string Klein4B = "@cf/black-forest-labs/flux-2-klein-4b";
    public const string Klein9B = "@cf/black-forest-labs/flux-2-klein-9b";

    private readonly WebApplication _app;

    private RunningEmulator(WebApplication app, Uri address)
    {
        _app = app;
        Client = new HttpClient { BaseAddress = address };
        Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "emulator");
    }

    public HttpClient Client { get; }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<RunningEmulator> StartAsync(TimeProvider? time = null, params (string Name, string Value)[] settings)
    {
        var app = EmulatorHost.BuildEmbedded([], builder =>
        {
            builder.Configuration.AddInMemoryCollection([new("Emulator:Latency", "00:00:00")]);
            builder.Configuration.AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Name, (string?)setting.Value)));
            if (time is not null)
                builder.Services.AddSingleton(time);
        });
        await app.StartAsync(Cancellation);
        return new RunningEmulator(app, new Uri(app.Urls.Single()));
    }

    public Task<HttpResponseMessage> RunAsync(string model, object values) =>
        Client.PostAsJsonAsync($"/client/v4/accounts/any/ai/run/{model}", values, Cancellation);

    /// <summary>Sends a prompt as the model wants it.</summary>
    public Task<HttpResponseMessage> PromptAsync(string model, string prompt) =>
        model.Contains("flux-2", StringComparison.Ordinal) ? RunFormAsync(model, ("prompt", prompt)) : RunAsync(model, new { prompt });

    public Task<HttpResponseMessage> RunFormAsync(string model, params (string Name, string Value)[] values)
    {
        var form = new MultipartFormDataContent();
        foreach (var (name, value) in values)
            form.Add(new StringContent(value), name);
        return RunFormAsync(model, form);
    }

    public Task<HttpResponseMessage> RunFormAsync(string model, MultipartFormDataContent form) =>
        Client.PostAsync($"/client/v4/accounts/any/ai/run/{model}", form, Cancellation);

    public Task<JsonElement> StatisticsAsync() => Client.GetFromJsonAsync<JsonElement>("/emulator/statistics", Cancellation);

    /// <summary>When each request came in, in Unix milliseconds.</summary>
    public async Task<long[]> ArrivalsAsync() => (await Client.GetFromJsonAsync<long[]>("/emulator/statistics/arrivals", Cancellation))!;

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
    }

    /// <summary>The image of an answer in either form.</summary>
    public static async Task<byte[]> ImageOfAsync(HttpResponseMessage response)
    {
        Assert.Equal(200, (int)response.StatusCode);
        if (response.Content.Headers.ContentType?.MediaType != "application/json")
            return await response.Content.ReadAsByteArrayAsync(Cancellation);
        var answer = await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
        Assert.True(answer.GetProperty("success").GetBoolean());
        return answer.GetProperty("result").GetProperty("image").GetBytesFromBase64();
    }

    /// <summary>Status, code and message of an error in Workers AI's envelope.</summary>
    public static async Task<(int Status, int Code, string Message)> ErrorOfAsync(HttpResponseMessage response)
    {
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        var answer = await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
        Assert.False(answer.GetProperty("success").GetBoolean());
        Assert.Equal("{}", answer.GetProperty("result").GetRawText());
        Assert.Equal("[]", answer.GetProperty("messages").GetRawText());
        var error = Assert.Single(answer.GetProperty("errors").EnumerateArray());
        return ((int)response.StatusCode, error.GetProperty("code").GetInt32(), error.GetProperty("message").GetString()!);
    }

    /// <summary>Decodes an image whole and says its form and size.</summary>
    public static (SKEncodedImageFormat Format, int Width, int Height) Decoded(byte[] image)
    {
        using var codec = SKCodec.Create(new MemoryStream(image));
        Assert.NotNull(codec);
        using var pixels = new SKBitmap(codec.Info);
        Assert.Equal(SKCodecResult.Success, codec.GetPixels(codec.Info, pixels.GetPixels()));
        return (codec.EncodedFormat, codec.Info.Width, codec.Info.Height);
    }
}
