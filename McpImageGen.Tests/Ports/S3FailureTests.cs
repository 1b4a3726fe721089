using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Xml.Linq;
using McpImageGen.Jobs.Images;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace McpImageGen.Tests.Ports;

/// <summary>A store that is not there, or that answers what a real one answers only in trouble.</summary>
public sealed class S3FailureTests
{
    private static readonly ImageKey Key = ImageKey.For(Guid.NewGuid(), "image/png");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_call_fails_if_the_image_store_is_unreachable()
    {
        using var nobody = new TcpListener(IPAddress.Loopback, 0);
        nobody.Start();
        var address = $"http://{nobody.LocalEndpoint}";
        nobody.Stop();

        await AssertFailsAsync(address, "is unavailable");
    }

    [Theory]
    [InlineData(503, "SlowDown")]
    [InlineData(500, "InternalError")]
    [InlineData(507, "XMinioStorageFull")]
    [InlineData(429, "TooManyRequests")]
    public async Task Every_call_fails_if_the_image_store_is_busy_or_full(int status, string code)
    {
        await using var store = await StartAsync(async context =>
        {
            context.Response.StatusCode = status;
            context.Response.ContentType = "application/xml";
            await context.Response.WriteAsync($"<Error><Code>{code}</Code><Message>Later.</Message></Error>");
        });

        await AssertFailsAsync(store.Urls.First(), $"responded with {status}");
    }

    [Theory]
    [InlineData(401, "AuthorizationHeaderMissing")]
    [InlineData(403, "AccessDenied")]
    [InlineData(405, "MethodNotAllowed")]
    public async Task Missing_permission_is_distinguished_from_an_unavailable_image_store(int status, string code)
    {
        await using var store = await StartAsync(async context =>
        {
            context.Response.StatusCode = HttpMethods.IsPut(context.Request.Method) ? status : 200;
            context.Response.ContentType = "application/xml";
            await context.Response.WriteAsync(HttpMethods.IsPut(context.Request.Method)
                ? $"<Error><Code>{code}</Code></Error>" : "<ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>");
        });
        using var images = Open(store.Urls.First());

        await images.CheckAsync(Cancel);
        foreach (var call in (Func<Task>[])[() => images.PutAsync(Key, new byte[10], Cancel), () => images.ProbeAsync(Cancel)])
            Assert.Equal($"The image store responded with {status} {code}.", (await Assert.ThrowsAsync<ImageStoreRefusedException>(call)).Message);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(-2)]
    public async Task First_call_to_an_image_store_with_a_different_clock_succeeds(int hoursAhead)
    {
        var stored = 0L;
        foreach (var call in (Func<S3Images, Task>[])
        [
            images => images.CheckAsync(Cancel),
            images => images.OpenAsync(Key, Cancel),
            images => images.DeleteAsync(Key, Cancel),
            images => images.PutAsync(Key, new byte[1000], Cancel),
        ])
        {
            await using var store = await StartAsync(context => AnswerAtAsync(DateTimeOffset.UtcNow.AddHours(hoursAhead), context));
            using var images = Open(store.Urls.First()); // each at an address that the client knows no time of

            await call(images);
        }

        Assert.Equal(1000, stored);

        async Task AnswerAtAsync(DateTimeOffset now, HttpContext context)
        {
            context.Response.Headers.Date = now.ToString("R", CultureInfo.InvariantCulture);
            var signed = DateTimeOffset.ParseExact(context.Request.Headers["x-amz-date"]!, "yyyyMMddTHHmmssZ", CultureInfo.InvariantCulture);
            if ((now - signed).Duration() > TimeSpan.FromMinutes(15))
            {
                context.Response.StatusCode = StatusCodes.Status403Forbidden;
                if (!HttpMethods.IsHead(context.Request.Method))
                    await context.Response.WriteAsync("<Error><Code>RequestTimeTooSkewed</Code><Message>No.</Message></Error>");
                return;
            }

            context.Response.Headers.LastModified = context.Response.Headers.Date;
            if (HttpMethods.IsPut(context.Request.Method))
            {
                var content = new MemoryStream();
                await context.Request.Body.CopyToAsync(content, Cancel);
                stored = content.Length;
            }
            else if (HttpMethods.IsGet(context.Request.Method))
            {
                await context.Response.WriteAsync("<ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>");
            }
        }
    }

    [Fact]
    public async Task Every_call_fails_if_the_image_store_closes_the_connection()
    {
        await using var store = await StartAsync(context =>
        {
            context.Abort();
            return Task.CompletedTask;
        });

        await AssertFailsAsync(store.Urls.First(), "is unavailable");
    }

    [Fact]
    public async Task Truncated_image_response_throws_instead_of_returning_a_shorter_image()
    {
        await using var store = await StartAsync(async context =>
        {
            context.Response.ContentLength = 1000;
            context.Response.Headers.LastModified = "Mon, 20 Jul 2026 10:00:00 GMT";
            if (HttpMethods.IsHead(context.Request.Method))
                return;
            await context.Response.Body.WriteAsync(new byte[500]);
            await context.Response.Body.FlushAsync();
            context.Abort();
        });
        using var images = Open(store.Urls.First());
        var image = await images.OpenAsync(Key, Cancel);
        Assert.NotNull(image);
        await using var content = image.Content;

        await Assert.ThrowsAnyAsync<IOException>(() => content.CopyToAsync(Stream.Null, Cancel));
    }

    [Fact]
    public async Task Seeking_requests_only_the_remaining_range()
    {
        var asked = new List<string>();
        await using var store = await StartAsync(context =>
        {
            asked.Add($"{context.Request.Method} {context.Request.Headers.Range}");
            context.Response.Headers.LastModified = "Mon, 20 Jul 2026 10:00:00 GMT";
            if (HttpMethods.IsHead(context.Request.Method))
            {
                context.Response.ContentLength = 1000;
                return Task.CompletedTask;
            }

            context.Response.StatusCode = StatusCodes.Status206PartialContent;
            return context.Response.Body.WriteAsync(new byte[100]).AsTask();
        });
        using var images = Open(store.Urls.First());
        var image = await images.OpenAsync(Key, Cancel);
        await using var content = image!.Content;

        content.Position = 10;
        content.Seek(900, SeekOrigin.Begin);
        await content.ReadExactlyAsync(new byte[50], Cancel);
        await content.ReadExactlyAsync(new byte[50], Cancel);

        Assert.Equal(["HEAD ", "GET bytes=900-"], asked);
    }

    [Theory]
    [InlineData("", "")]
    [InlineData(";Region=us-east-1", "")]
    [InlineData(";Region=auto", "")]
    [InlineData(";Region=eu-central-1", "eu-central-1")]
    public async Task Bucket_is_created_in_the_configured_region(string setting, string location)
    {
        var asked = new List<string>();
        await using var store = await StartAsync(context => MakeBucketAsync(context, asked));
        using var images = Open(store.Urls.First(), setting);

        await images.EnsureBucketAsync(Cancel);

        Assert.Equal([location], asked);
    }

    [Fact]
    public async Task Bucket_is_created_without_a_region_if_the_image_store_rejects_the_region()
    {
        var asked = new List<string>();
        await using var store = await StartAsync(context => MakeBucketAsync(context, asked, known: ""));
        using var images = Open(store.Urls.First(), ";Region=here");

        await images.EnsureBucketAsync(Cancel);

        Assert.Equal(["here", ""], asked);
    }

    [Fact]
    public async Task Cancelled_call_throws_OperationCanceledException()
    {
        await using var store = await StartAsync(context => Task.Delay(Timeout.Infinite, context.RequestAborted));
        using var images = Open(store.Urls.First());
        using var leaves = new CancellationTokenSource();
        var put = images.PutAsync(Key, new byte[10], leaves.Token);

        await leaves.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => put);
    }

    private static async Task AssertFailsAsync(string address, string message)
    {
        using var images = Open(address);

        foreach (var call in (Func<Task>[])
        [
            () => images.PutAsync(Key, new byte[10], Cancel),
            () => images.OpenAsync(Key, Cancel),
            () => images.DeleteAsync(Key, Cancel),
            () => images.EnsureBucketAsync(Cancel),
        ])
            Assert.Contains(message, (await Assert.ThrowsAsync<IOException>(call)).Message, StringComparison.Ordinal);
    }

    /// <summary>A store without the bucket. It notes the location that each request to make it names.</summary>
    private static async Task MakeBucketAsync(HttpContext context, List<string> asked, string? known = null)
    {
        var code = "NoSuchBucket";
        if (HttpMethods.IsPut(context.Request.Method))
        {
            var body = await new StreamReader(context.Request.Body).ReadToEndAsync(Cancel);
            var location = body.Length == 0 ? "" : XDocument.Parse(body).Descendants().Single(element => element.Name.LocalName == "LocationConstraint").Value;
            asked.Add(location);
            if (known is null || known == location)
                return;
            code = "InvalidLocationConstraint";
        }

        context.Response.StatusCode = code == "NoSuchBucket" ? 404 : 400;
        context.Response.ContentType = "application/xml";
        await context.Response.WriteAsync($"<Error><Code>{code}</Code><Message>No.</Message></Error>");
    }

    private static S3Images Open(string address, string more = "") =>
        new(S3Connection.Parse($"Endpoint={address};AccessKey=a;SecretKey=b;Bucket=images{more}"));

    private static async Task<WebApplication> StartAsync(RequestDelegate answer)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrel().UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var store = builder.Build();
        store.Run(answer);
        await store.StartAsync(Cancel);
        return store;
    }
}
