using MassTransit;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

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
        var broker = builder.ReadBroker();
        builder.Services.AddSingleton(broker);
        builder.Services.AddMetrics();
        builder.AddBrokerConnection(broker);
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
                rabbit.Host(broker.Uri, host => host.OnRefreshConnectionFactory = factory =>
                {
                    // By itself it encrypts on port 5671 only, and takes any certificate.
                    broker.ApplyTo(factory);
                    return connection.AnsweringAsync();
                });
                GenerationQueue.Declare(rabbit);
                rabbit.ConfigureEndpoints(context);
            });
        });
    }

    /// <summary>One connection for what MassTransit does not tell: how the broker is, and what is in its queues.</summary>
    private static void AddBrokerConnection(this IHostApplicationBuilder builder, BrokerAddress broker)
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
                broker.ApplyTo(factory);
                factory.ClientProvidedName = "health";
                factory.AutomaticRecoveryEnabled = false;
            });
        // It logs every failed attempt to connect as an error with a stack trace; whoever uses the connection says what its loss means.
        builder.Logging.AddFilter("RabbitMQ.Client", LogLevel.Critical);
        builder.Services.AddSingleton<BrokerConnection>();
    }

    private static BrokerAddress ReadBroker(this IHostApplicationBuilder builder)
    {
        var uri = builder.Configuration.RequiredConnection(ConnectionName, "amqp://user:password@host:5672", BrokerAddress.Read);
        var file = builder.Configuration.GetSection(MessagingOptions.Section).Get<MessagingOptions>()?.CaCertificate;
        if (string.IsNullOrWhiteSpace(file))
            return new BrokerAddress(uri, []);
        if (uri.Scheme != "amqps")
            throw Invalid($"is set, but ConnectionStrings__{ConnectionName} does not start with amqps://");
        try
        {
            return new BrokerAddress(uri, BrokerAddress.ReadAuthorities(file));
        }
        catch (FormatException exception)
        {
            throw Invalid(exception.Message.TrimEnd('.'));
        }

        static OptionsValidationException Invalid(string what) =>
            new(MessagingOptions.Section, typeof(MessagingOptions), [$"{MessagingOptions.Section}__{nameof(MessagingOptions.CaCertificate)} {what}."]);
    }
}
