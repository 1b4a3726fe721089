using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace McpImageGen.Tests.Distributed;

/// <summary>An S3 store whose user may list and read, and write only while the test permits it: as with a key of the wrong permissions.</summary>
internal sealed class ReadOnlyS3 : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, byte[]> _objects = new();
    private readonly WebApplication _server;
    private volatile bool _permitsWrites;

    private ReadOnlyS3()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrel().UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        _server = builder.Build();
        _server.Run(AnswerAsync);
    }

    /// <summary>As the setting <c>ConnectionStrings__images</c> has it.</summary>
    public string Connection => $"Endpoint={_server.Urls.Single()};AccessKey=a;SecretKey=b;Bucket=images";

    public static async Task<ReadOnlyS3> StartAsync()
    {
        var store = new ReadOnlyS3();
        await store._server.StartAsync(TestContext.Current.CancellationToken);
        return store;
    }

    public void PermitWrites() => _permitsWrites = true;

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        var request = context.Request;
        if (HttpMethods.IsPut(request.Method))
            await PutAsync(context);
        else if (request.Query.ContainsKey("list-type"))
            await XmlAsync(context, 200, "<ListBucketResult><Name>images</Name><KeyCount>0</KeyCount><IsTruncated>false</IsTruncated></ListBucketResult>");
        else if (_objects.TryGetValue(request.Path, out var bytes))
            await context.Response.BodyWriter.WriteAsync(bytes);
        else
            await XmlAsync(context, 404, "<Error><Code>NoSuchKey</Code></Error>");
    }

    private async Task PutAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        if (!_permitsWrites)
        {
            await XmlAsync(context, 403, "<Error><Code>AccessDenied</Code></Error>");
            return;
        }

        _objects[context.Request.Path] = body.ToArray();
        context.Response.Headers.ETag = "\"etag\"";
    }

    private static Task XmlAsync(HttpContext context, int status, string xml)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/xml";
        return context.Response.WriteAsync(xml);
    }
}
