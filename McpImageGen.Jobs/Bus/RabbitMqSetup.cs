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

    /// <summary>Adds the bus on the RabbitMQ broker given by <c>ConnectionStrings__messaging</c>.</summary>
    /// <param name="builder">The service.</param>
    /// <param name="addConsumers">Adds the service's consumers; null for a service that only sends.</param>
    public static void AddRabbitMqBus(this IHostApplicationBuilder builder, Action<IBusRegistrationConfigurator>? addConsumers = null)
    {
        var broker = builder.ReadBroker();
        builder.Services.AddSingleton(broker);
        builder.Services.AddMetrics();
        builder.AddBrokerConnection(broker);
        builder.Services.AddSingleton<DeadLetterQueues>();
        builder.Services.AddHostedService(services => services.GetRequiredService<DeadLetterQueues>());
        builder.Services.AddHealthChecks().AddCheck<BrokerHealth>("broker");
        builder.Services.AddMassTransit(bus =>
        {
            bus.DisableUsageTelemetry();
            bus.ConfigureHealthCheckOptions(check => check.Name = "bus");
            addConsumers?.Invoke(bus);
            bus.UsingRabbitMq((context, rabbit) =>
            {
                var connection = context.GetRequiredService<BrokerConnection>();
                // MassTransit's own backoff grows to half a minute, even if the broker is back earlier, so wait here until it responds.
                rabbit.Host(broker.Uri, host => host.OnRefreshConnectionFactory = factory =>
                {
                    // MassTransit would use TLS on port 5671 only, and accept any certificate.
                    broker.ApplyTo(factory);
                    return connection.AnsweringAsync();
                });
                GenerationQueue.Declare(rabbit);
                rabbit.ConfigureEndpoints(context);
            });
        });
    }

    /// <summary>Adds one connection for what MassTransit does not provide: the broker's health and its queue lengths.</summary>
    private static void AddBrokerConnection(this IHostApplicationBuilder builder, BrokerAddress broker)
    {
        builder.AddRabbitMQClient(
            ConnectionName,
            settings =>
            {
                // BrokerConnection connects: the integration's own connection blocks its first user and is never reopened.
                settings.DisableAutoActivation = true;
                // The check "broker" also counts the messages in the dead-letter queues.
                settings.DisableHealthChecks = true;
                settings.DisableTracing |= !builder.Configuration.HasCollector();
            },
            factory =>
            {
                broker.ApplyTo(factory);
                factory.ClientProvidedName = "health";
                factory.AutomaticRecoveryEnabled = false;
            });
        // The client logs every failed connection attempt as an error with a stack trace; the users of the connection log failures themselves.
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

/// <summary>How the broker's certificate is verified. Its address is in <c>ConnectionStrings__messaging</c>.</summary>
public sealed class MessagingOptions
{
    public const string Section = "Messaging";

    /// <summary>A PEM file with the certificate authorities that are trusted for an <c>amqps://</c> broker. Default: those of the system.</summary>
    public string? CaCertificate { get; set; }
}
