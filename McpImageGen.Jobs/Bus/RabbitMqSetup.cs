using MassTransit;
using Microsoft.Extensions.Hosting;

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
        builder.Services.AddMassTransit(bus =>
        {
            bus.DisableUsageTelemetry();
            bus.ConfigureHealthCheckOptions(check => check.Name = "broker");
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
