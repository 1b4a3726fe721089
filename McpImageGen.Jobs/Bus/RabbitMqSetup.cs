using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace McpImageGen.Jobs.Bus;

public static class RabbitMqSetup
{
    /// <summary>The name of the connection string, <c>ConnectionStrings__messaging</c>, an address that starts with amqp:// or amqps://.</summary>
    public const string ConnectionName = "messaging";

    /// <summary>Adds the bus on the RabbitMQ broker that <c>ConnectionStrings__messaging</c> names.</summary>
    /// <param name="builder">The service.</param>
    /// <param name="addConsumers">What the service consumes; null for one that only sends.</param>
    public static void AddRabbitMqBus(this IHostApplicationBuilder builder, Action<IBusRegistrationConfigurator>? addConsumers = null)
    {
        var broker = new Uri(builder.Configuration.RequiredConnection(ConnectionName, "amqp://user:password@host:5672", Parse));
        builder.Services.AddMetrics();
        builder.AddBrokerConnection();
        builder.Services.AddSingleton<UnreadQueues>();
        builder.Services.AddHostedService(services => services.GetRequiredService<UnreadQueues>());
        builder.Services.AddHealthChecks().AddCheck<BrokerHealth>("broker");
        builder.Services.AddMassTransit(bus =>
        {
            bus.DisableUsageTelemetry();
            bus.ConfigureHealthCheckOptions(check => check.Name = "bus");
            addConsumers?.Invoke(bus);
            bus.UsingRabbitMq((context, rabbit) =>
            {
                var connection = context.GetRequiredService<BrokerConnection>();
                // After each attempt that fails, MassTransit waits longer, half a minute in the end, and keeps to that when the broker is back.
                rabbit.Host(broker, host => host.OnRefreshConnectionFactory = _ => connection.AnsweringAsync());
                GenerationQueue.Declare(rabbit);
                rabbit.ConfigureEndpoints(context);
            });
        });
    }

    /// <summary>One connection for what MassTransit does not tell: how the broker is, and what is in its queues.</summary>
    private static void AddBrokerConnection(this IHostApplicationBuilder builder)
    {
        builder.AddRabbitMQClient(
            ConnectionName,
            settings =>
            {
                // BrokerConnection connects: the integration's own connection blocks whoever asks first, and is never made again.
                settings.DisableAutoActivation = true;
                // The check "broker" also counts the messages that nobody reads.
                settings.DisableHealthChecks = true;
                settings.DisableTracing |= !builder.Configuration.HasCollector();
            },
            factory =>
            {
                factory.ClientProvidedName = "health";
                factory.AutomaticRecoveryEnabled = false;
            });
        // It logs every failed attempt to connect as an error with a stack trace; whoever uses the connection says what its loss means.
        builder.Logging.AddFilter("RabbitMQ.Client", LogLevel.Critical);
        builder.Services.AddSingleton<BrokerConnection>();
    }

    private static void Parse(string address)
    {
        if (new Uri(address).Scheme is not ("amqp" or "amqps"))
            throw new FormatException("It starts neither with amqp:// nor with amqps://.");
    }
}
