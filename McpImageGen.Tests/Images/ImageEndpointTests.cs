using System.Net;
using System.Net.Sockets;
using McpImageGen.Jobs.Images;
using McpImageGen.McpApi.Images;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace McpImageGen.Tests.Images;

/// <summary>Whoever asks for an image while the store is away is told to come back, not that something is broken.</summary>
public sealed class ImageEndpointTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("GET", false)]
    [InlineData("HEAD", false)]
    [InlineData("GET", true)]
    public async Task Image_request_returns_503_with_Retry_After_while_the_image_store_is_unavailable(string method, bool thumbnail)
    {
        using var nobody = new TcpListener(IPAddress.Loopback, 0);
        nobody.Start();
        var address = $"http://{nobody.LocalEndpoint}";
        nobody.Stop();

        await AssertUnavailableAsync(address, new HttpMethod(method), thumbnail);
    }

    [Fact]
    public async Task Image_request_returns_503_with_Retry_After_if_the_image_store_fails_before_the_first_byte()
    {
        await using var store = await StartAsync(_ => { }, app => app.Run(context =>
        {
            context.Response.ContentLength = 1000;
            context.Response.Headers.LastModified = "Mon, 20 Jul 2026 10:00:00 GMT";
            if (!HttpMethods.IsHead(context.Request.Method))
                context.Abort();
            return Task.CompletedTask;
        }));

        await AssertUnavailableAsync(store.Urls.First(), HttpMethod.Get);
    }

    private static async Task AssertUnavailableAsync(string store, HttpMethod method, bool thumbnail = false)
    {
        var image = ImageKey.For(Guid.NewGuid(), "image/png");
        await using var api = await StartAsync(
            builder =>
            {
                builder.Services.AddRouting();
                builder.Configuration["ConnectionStrings:images"] = $"Endpoint={store};AccessKey=a;SecretKey=b;Bucket=images";
                builder.AddS3Images();
                builder.Services.AddSingleton<ImageScaler>();
                builder.Services.AddSingleton<Thumbnails>();
            },
            app => app.MapImages());
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(method, $"{api.Urls.First()}/images/{(thumbnail ? image.Thumbnails.First() : image)}");

        using var response = await http.SendAsync(request, Cancel);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(5), response.Headers.RetryAfter?.Delta);
        Assert.Null(response.Headers.CacheControl);
        Assert.Null(response.Headers.ETag);
        Assert.Equal("text/plain", response.Content.Headers.ContentType?.MediaType);
        if (method == HttpMethod.Get)
            Assert.Equal("The image store is not available. Try again in a few seconds.\n", await response.Content.ReadAsStringAsync(Cancel));
    }

    private static async Task<WebApplication> StartAsync(Action<WebApplicationBuilder> add, Action<WebApplication> map)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrel().UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        add(builder);
        var app = builder.Build();
        map(app);
        await app.StartAsync(Cancel);
        return app;
    }
}
