using McpImageGen.Tests.Testing;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace McpImageGen.Tests.Containers;

[Collection<Outages>]
[Slow]
public sealed class RabbitMqServerTests(Servers servers)
{
    private const string Queue = "jobs";

    private static readonly byte[] Message = "a job"u8.ToArray();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task New_virtual_host_is_empty()
    {
        await SendAsync(await servers.RabbitMq.NewVirtualHostAsync());
        var another = await servers.RabbitMq.NewVirtualHostAsync();
        await Assert.ThrowsAsync<OperationInterruptedException>(() => ReceiveAsync(another));
    }

    [Fact]
    public async Task RabbitMQ_delivers_messages_after_a_kill_and_restart()
    {
        var host = await servers.RabbitMq.NewVirtualHostAsync();
        await servers.RabbitMq.KillAsync();
        await Assert.ThrowsAsync<BrokerUnreachableException>(() => ReceiveAsync(host));
        await servers.RabbitMq.StartAsync();
        await SendAsync(host);
        Assert.Equal(Message, await ReceiveAsync(host));
    }

    [Fact]
    public async Task Replaced_RabbitMQ_server_is_empty()
    {
        var host = await servers.RabbitMq.NewVirtualHostAsync();
        await SendAsync(host);
        await servers.RabbitMq.ReplaceAsync();
        await servers.RabbitMq.CreateVirtualHostAgainAsync(host);
        await Assert.ThrowsAsync<OperationInterruptedException>(() => ReceiveAsync(host));
    }

    private static async Task SendAsync(string host)
    {
        await using var connection = await ConnectAsync(host);
        await using var channel = await connection.CreateChannelAsync(
            new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true), Cancel);
        await channel.QueueDeclareAsync(
            Queue, durable: true, exclusive: false, autoDelete: false,
            new Dictionary<string, object?> { ["x-queue-type"] = "quorum" }, cancellationToken: Cancel);
        await channel.BasicPublishAsync("", Queue, mandatory: true, new BasicProperties { Persistent = true }, Message, Cancel);
    }

    private static async Task<byte[]?> ReceiveAsync(string host)
    {
        await using var connection = await ConnectAsync(host);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: Cancel);
        var delivery = await channel.BasicGetAsync(Queue, autoAck: true, Cancel);
        return delivery?.Body.ToArray();
    }

    private static Task<IConnection> ConnectAsync(string host) =>
        new ConnectionFactory { Uri = new Uri(host) }.CreateConnectionAsync(Cancel);
}
