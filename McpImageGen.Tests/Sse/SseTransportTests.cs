using System.Text;
using System.Text.Json;
using CsCheck;
using McpImageGen.McpApi.Sse;
using McpImageGen.McpApi.Transport;
using McpImageGen.Tests.Testing;
using ModelContextProtocol.Protocol;

namespace McpImageGen.Tests.Sse;

/// <summary>
/// A stream with concurrent senders, in random orders. A failure prints the seed; set it as <c>CsCheck_Seed</c> to repeat the order.
/// </summary>
public sealed class SseTransportTests
{
    private const int Orders = 200;
    private const int Senders = 4;
    private const int MessagesOfEach = 5;

    [Fact]
    public Task SSE_stream_delivers_each_message_at_most_once_in_order_and_in_whole_events() => Gen.Int.SampleAsync(
        seed => SeededScheduler.RunAsync(seed, RunAsync), iter: Orders, threads: 1);

    private static async Task RunAsync(Random random)
    {
        var messages = new InProcessSseMessages();
        var address = new SseAddress("owner", Guid.NewGuid());
        using var body = new PausingStream(random);
        await using var events = new EventStream(body);
        await using var transport = new SseTransport(events, "session");
        var closesAt = random.Next(2) == 0 ? int.MaxValue : random.Next(Senders * MessagesOfEach);
        var (accepted, refused) = (new List<string>(), new List<string>());
        var received = new List<string>();
        var subscription = await messages.ReceiveAsync(address, transport.Receive, CancellationToken.None);
        var server = ServeAsync();
        var alive = KeepAliveAsync();

        await Task.WhenAll(Enumerable.Range(0, Senders).Select(SendAsync));
        await subscription.DisposeAsync();
        transport.Complete();
        await server;
        await alive;

        Assert.Equal(accepted, received);
        Assert.Empty(received.Intersect(refused));
        Assert.False(await messages.SendAsync(address, Message("late"), CancellationToken.None));
        var sent = Encoding.UTF8.GetString(body.ToArray()).Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Where(text => text != ": keep-alive")
            .Select(text => text.Split('\n') is ["event: message", var data] ? JsonElement.Parse(data["data: ".Length..]).GetProperty("method").GetString()! : throw new FormatException(text))
            .ToList();
        Assert.Equal(received.Order(), sent.Order());

        async Task SendAsync(int sender)
        {
            for (var number = 0; number < MessagesOfEach; number++)
            {
                await SeededScheduler.PauseAsync(random);
                if (accepted.Count == closesAt)
                    await subscription.DisposeAsync();
                var name = $"{sender}-{number}";
                (await messages.SendAsync(address, Message(name), CancellationToken.None) ? accepted : refused).Add(name);
            }
        }

        // As the MCP server does: messages are handled concurrently.
        async Task ServeAsync()
        {
            var answers = new List<Task>();
            await foreach (var message in transport.MessageReader.ReadAllAsync())
            {
                received.Add(((JsonRpcNotification)message).Method);
                answers.Add(AnswerAsync(message));
            }

            await Task.WhenAll(answers);
        }

        async Task AnswerAsync(JsonRpcMessage message)
        {
            await SeededScheduler.PauseAsync(random);
            await transport.SendMessageAsync(message);
        }

        async Task KeepAliveAsync()
        {
            for (var times = 0; times < 10; times++)
            {
                await SeededScheduler.PauseAsync(random);
                await events.KeepAliveAsync(CancellationToken.None);
            }
        }
    }

    private static JsonRpcNotification Message(string name) => new() { Method = name };

    /// <summary>Writes in two parts, with other tasks between them.</summary>
    private sealed class PausingStream(Random random) : MemoryStream
    {
        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var half = buffer.Length / 2;
            Write(buffer.Span[..half]);
            await SeededScheduler.PauseAsync(random);
            Write(buffer.Span[half..]);
        }

        public override Task FlushAsync(CancellationToken cancellationToken) => SeededScheduler.PauseAsync(random);
    }
}
