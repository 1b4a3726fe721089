using System.Text;
using McpImageGen.Tests.Containers;
using RabbitMQ.Client;

namespace McpImageGen.Tests.AppHost.Dashboard;

/// <summary>A virtual host of a test's own, which puts messages where they would come to lie.</summary>
internal sealed class DeadLetterVirtualHost : IAsyncDisposable
{
    private readonly IConnection _connection;
    private readonly IChannel _channel;

    private DeadLetterVirtualHost(string address, IConnection connection, IChannel channel) => (Address, _connection, _channel) = (address, connection, channel);

    /// <summary>Where it is, as an amqp:// address.</summary>
    public string Address { get; }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static async Task<DeadLetterVirtualHost> NewAsync(Servers servers)
    {
        var address = await servers.RabbitMq.NewVirtualHostAsync();
        var connection = await new ConnectionFactory { Uri = new Uri(address) }.CreateConnectionAsync(Cancel);
        var confirmed = new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true);
        return new DeadLetterVirtualHost(address, connection, await connection.CreateChannelAsync(confirmed, Cancel));
    }

    public Task DeclareAsync(string queue) =>
        _channel.QueueDeclareAsync(queue, durable: true, exclusive: false, autoDelete: false, cancellationToken: Cancel);

    public async Task SendAsync(string queue, string message, params (string Name, string Value)[] headers)
    {
        var properties = new BasicProperties { Headers = headers.ToDictionary(header => header.Name, object? (header) => header.Value) };
        await _channel.BasicPublishAsync("", queue, mandatory: true, properties, Encoding.UTF8.GetBytes(message), Cancel);
    }

    public Task<uint> CountAsync(string queue) => _channel.MessageCountAsync(queue, Cancel);

    public Task<BasicGetResult?> ReceiveAsync(string queue) => _channel.BasicGetAsync(queue, autoAck: true, Cancel);

    public async ValueTask DisposeAsync()
    {
        await _channel.DisposeAsync();
        await _connection.DisposeAsync();
    }
}
