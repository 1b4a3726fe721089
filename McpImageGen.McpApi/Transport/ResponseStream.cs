using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;

namespace McpImageGen.McpApi.Transport;

/// <summary>
/// Sends each client the response in a format that it accepts, and keep-alive data during long calls: comment lines in an event stream,
/// or spaces before a JSON document, where they have no meaning.
/// </summary>
internal sealed class ResponseStream(RequestDelegate next, IOptions<McpTransportOptions> options, TimeProvider time)
{
    private static readonly byte[] Space = " "u8.ToArray();

    public Task InvokeAsync(HttpContext context) =>
        RequestHeaders.ReadsEventStreams(context) ? AsEventStreamAsync(context) : AsJsonAsync(context);

    private async Task AsEventStreamAsync(HttpContext context)
    {
        var client = context.Features.GetRequiredFeature<IHttpResponseBodyFeature>();
        var events = new EventStream(client.Stream);
        context.Features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(events, client));
        await WithSignsOfLifeAsync(
            next(context),
            async () =>
            {
                if (EventStream.IsTypeOf(context.Response))
                    await events.KeepAliveAsync(context.RequestAborted);
            });
    }

    private async Task AsJsonAsync(HttpContext context)
    {
        var client = context.Features.GetRequiredFeature<IHttpResponseBodyFeature>();
        using var written = new MemoryStream();
        context.Features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(written));
        try
        {
            await WithSignsOfLifeAsync(
                next(context),
                async () =>
                {
                    if (!context.Response.HasStarted)
                    {
                        context.Response.ContentType = "application/json";
                        EventStream.PassUnbuffered(context.Response);
                    }

                    await client.Stream.WriteAsync(Space, context.RequestAborted);
                    await client.Stream.FlushAsync(context.RequestAborted);
                });
        }
        finally
        {
            context.Features.Set(client);
        }

        ReadOnlyMemory<byte> answer = written.GetBuffer().AsMemory(0, (int)written.Length);
        if (!IsJson(answer.Span))
            answer = EventStream.LastData(answer);
        if (answer.IsEmpty)
            return;
        if (!context.Response.HasStarted)
        {
            if (EventStream.IsTypeOf(context.Response))
                context.Response.ContentType = "application/json";
            context.Response.ContentLength = answer.Length;
        }

        await client.Stream.WriteAsync(answer, context.RequestAborted);
    }

    /// <summary>Whether the response is a JSON document rather than events. After keep-alive data was sent, the content type no longer shows this.</summary>
    private static bool IsJson(ReadOnlySpan<byte> answer) => answer is [(byte)'{' or (byte)'[', ..];

    private async Task WithSignsOfLifeAsync(Task work, Func<Task> giveSign)
    {
        try
        {
            while (!work.IsCompleted)
            {
                using var workDone = new CancellationTokenSource();
                if (await Task.WhenAny(work, Task.Delay(options.Value.KeepAliveEvery, time, workDone.Token)) != work)
                    await giveSign();
                await workDone.CancelAsync();
            }
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            // The client has disconnected. The call's own token cancels it, and the request must not end before the call.
        }

        await work;
    }
}
