using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using RabbitMQ.Client;

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
        var broker = builder.Configuration.RequiredConnection(ConnectionName, "amqp://user:password@host:5672");
        builder.Services.AddMetrics();
        builder.Services.AddSingleton(_ => new ConnectionFactory
        {
            Uri = new Uri(broker),
            ClientProvidedName = "health",
            AutomaticRecoveryEnabled = false,
        });
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
                rabbit.Host(new Uri(broker));
                GenerationQueue.Declare(rabbit);
                rabbit.ConfigureEndpoints(context);
            });
        });
    }
}
