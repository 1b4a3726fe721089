using System.Text.Json.Nodes;
using System.Threading.Channels;
using McpImageGen.McpApi.Sse;
using McpImageGen.Tests.Testing;
using ModelContextProtocol.Protocol;

namespace McpImageGen.Tests.Ports;

/// <summary>What the HTTP+SSE transport relies on, whoever carries its messages.</summary>
public abstract class SseMessagesContract
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Two ends of the same messages, as two APIs have them where there can be two.</summary>
    protected abstract Task<(ISseMessages One, ISseMessages Another)> TwoEndsAsync();

    [Fact]
    public async Task Messages_reach_the_process_of_the_stream_in_order()
    {
        var (one, another) = await TwoEndsAsync();
        var address = NewAddress();
        var received = Channel.CreateUnbounded<JsonRpcMessage>();
        await using var subscription = await one.ReceiveAsync(address, message => received.Writer.TryWrite(message), Cancel);

        for (var id = 1; id <= 100; id++)
            Assert.True(await another.SendAsync(address, Request(id), Cancel));

        for (var id = 1; id <= 100; id++)
        {
            var request = Assert.IsType<JsonRpcRequest>(await received.Reader.ReadAsync(Cancel).AsTask().WaitAsync(Limit, Cancel));
            Assert.Equal(new RequestId(id), request.Id);
            Assert.Equal("with \"ümläuts\"", request.Params?["text"]?.GetValue<string>());
        }

        Assert.Equal(0, received.Reader.Count);
    }

    [Fact]
    public async Task Message_for_an_unknown_stream_or_another_owner_is_not_delivered()
    {
        var (one, another) = await TwoEndsAsync();
        var address = NewAddress();
        var received = 0;
        await using var subscription = await one.ReceiveAsync(address, _ => received++, Cancel);

        foreach (var wrong in (SseAddress[])[NewAddress(), address with { Owner = "ben" }, address with { Owner = "" }])
        {
            Assert.False(await one.SendAsync(wrong, Request(1), Cancel));
            Assert.False(await another.SendAsync(wrong, Request(1), Cancel));
        }

        Assert.Equal(0, received);
    }

    [Fact]
    public async Task Ended_stream_receives_no_messages()
    {
        var (one, another) = await TwoEndsAsync();
        var address = NewAddress();
        await (await one.ReceiveAsync(address, _ => { }, Cancel)).DisposeAsync();

        // That nobody listens any more may take a moment to be known everywhere.
        foreach (var end in (ISseMessages[])[one, another])
            Assert.False(await Until.HoldsAsync(() => end.SendAsync(address, Request(1), Cancel), isHeard => !isHeard, "the stream is gone"));
    }

    protected static SseAddress NewAddress() => new("ann", Guid.NewGuid());

    protected static JsonRpcRequest Request(int id) =>
        new() { Id = new RequestId(id), Method = "tools/list", Params = new JsonObject { ["text"] = "with \"ümläuts\"" } };
}
