using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using SkiaSharp;

namespace McpImageGen.Benchmarks;

/// <summary>
/// A provider and an S3 store that take no time, so that what is measured is the cost of the jobs themselves: the provider returns the same JPEG of
/// 300,000 bytes, and the store reads what it is given and keeps nothing.
/// </summary>
internal sealed class Stubs : IAsyncDisposable
{
    private const int ImageLength = 300_000;

    private readonly WebApplication _app;

    private Stubs(WebApplication app) => _app = app;

    private string Address => _app.Urls.Single();

    /// <summary>The base URL of the provider.</summary>
    public string Provider => $"{Address}/client/v4/";

    /// <summary>The address of the S3 store.</summary>
    public string Store => Address;

    public static async Task<Stubs> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var response = Encoding.UTF8.GetBytes(JsonSerializer.Serialize(
            new { result = new { image = Convert.ToBase64String(Image()) }, success = true, errors = Array.Empty<string>(), messages = Array.Empty<string>() }));
        app.MapPost("/client/v4/{**path}", async context =>
        {
            await context.Request.Body.CopyToAsync(Stream.Null);
            context.Response.ContentType = "application/json";
            context.Response.ContentLength = response.Length;
            await context.Response.Body.WriteAsync(response);
        });
        app.Map("/{**path}", StoreAsync);
        await app.StartAsync();
        return new Stubs(app);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static async Task StoreAsync(HttpContext context)
    {
        await context.Request.Body.CopyToAsync(Stream.Null);
        if (HttpMethods.IsPut(context.Request.Method))
        {
            context.Response.Headers.ETag = "\"00000000000000000000000000000000\"";
        }
        else if (HttpMethods.IsGet(context.Request.Method))
        {
            context.Response.ContentType = "application/xml";
            await context.Response.WriteAsync(
                """<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><KeyCount>0</KeyCount><MaxKeys>1</MaxKeys><IsTruncated>false</IsTruncated></ListBucketResult>""");
        }
        else if (HttpMethods.IsDelete(context.Request.Method))
        {
            context.Response.StatusCode = StatusCodes.Status204NoContent;
        }
    }

    /// <summary>A JPEG that is filled up to its length with comments, which no decoder shows.</summary>
    private static byte[] Image()
    {
        const int MaxComment = 65_535;
        using var bitmap = new SKBitmap(256, 256);
        bitmap.Erase(SKColors.SteelBlue);
        using var small = bitmap.Encode(SKEncodedImageFormat.Jpeg, 90);
        using var image = new MemoryStream();
        image.Write(small.Span[..2]);
        for (var missing = ImageLength - (int)small.Size; missing >= 4;)
        {
            var length = Math.Min(missing - 2, MaxComment);
            var comment = new byte[length + 2];
            Random.Shared.NextBytes(comment);
            (comment[0], comment[1], comment[2], comment[3]) = (0xFF, 0xFE, (byte)(length >> 8), (byte)length);
            image.Write(comment);
            missing -= comment.Length;
        }

        image.Write(small.Span[2..]);
        return image.ToArray();
    }
}
