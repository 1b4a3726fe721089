using DotNet.Testcontainers.Builders;
using DotNet.Testcontainers.Containers;
using Microsoft.Extensions.Logging.Abstractions;
using RabbitMQ.Client;
using Testcontainers.RabbitMq;

namespace McpImageGen.Tests.Containers;

public sealed class RabbitMqServer() : Server("RabbitMQ")
{
    private const string User = "mcpimagegen";
    private const string Password = "secret";

    /// <summary>An empty virtual host of the caller's own, as an amqp:// address.</summary>
    public async Task<string> NewVirtualHostAsync()
    {
        await StartAsync();
        var name = NewName();
        await CreateVirtualHostAsync(name);
        return Address(name);
    }

    /// <summary>Makes a virtual host that an empty server, put in the place of another one, does not have.</summary>
    public Task CreateVirtualHostAgainAsync(string address) => CreateVirtualHostAsync(VirtualHost(address));

    protected override IContainer Create() => new RabbitMqBuilder(ContainerSettings.Image("RABBITMQ", "rabbitmq:4.3"))
        .WithUsername(User)
        .WithPassword(Password)
        .WithPortBinding(Port, RabbitMqBuilder.RabbitMqPort)
        .WithWaitStrategy(Wait.ForUnixContainer()) // the connection tells it sooner than the log
        .WithLabel(ContainerSettings.RunLabel, ContainerSettings.Run)
        .WithLogger(NullLogger.Instance)
        .Build();

    protected override async Task TryAsync(CancellationToken cancellationToken)
    {
        var factory = new ConnectionFactory { Uri = new Uri(Address("")) };
        await using var connection = await factory.CreateConnectionAsync(cancellationToken);
    }

    /// <summary>
    /// RabbitMQ writes half a second late on which nodes its quorum queues lie. One that is killed before finds the queue without a leader,
    /// for ever, and answers nobody who wants to consume it.
    /// </summary>
    protected override Task SettleAsync() => ExecuteAsync("rabbitmqctl", "-q", "eval", "[ok = dets:sync(Table) || Table <- dets:all()], ok.");

    private static string VirtualHost(string address) => new Uri(address).AbsolutePath.TrimStart('/');

    private Task CreateVirtualHostAsync(string name) =>
        ExecuteAsync("sh", "-c", $"rabbitmqctl -q add_vhost {name} && rabbitmqctl -q set_permissions -p {name} {User} '.*' '.*' '.*'");

    private string Address(string virtualHost) => $"amqp://{User}:{Password}@{Host}:{Port}/{virtualHost}";
}
