using System.Data.Common;
using System.Security.Cryptography.X509Certificates;
using McpImageGen.Jobs.Bus;
using McpImageGen.Jobs.Database.Postgres;
using McpImageGen.Jobs.Signals;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using RabbitMQ.Client;
using StackExchange.Redis;

namespace McpImageGen.AppHost;

/// <summary>
/// External servers, such as managed ones, given to the AppHost by <c>ConnectionStrings__NAME</c>. The dashboard shows their health, and the
/// services wait for them as for containers.
/// </summary>
internal static class ExternalServers
{
    public static IResourceBuilder<IResourceWithConnectionString>? AddGivenDatabase(this IDistributedApplicationBuilder builder, string name) =>
        builder.AddGiven(name, "Host=HOST;Username=USER;Password=PASSWORD;Database=DATABASE", text =>
        {
            var connection = PostgresAddress.Read(text).ConnectionString;
            return checks => checks.AddNpgSql(connection, name: name);
        });

    public static IResourceBuilder<IResourceWithConnectionString>? AddGivenBroker(this IDistributedApplicationBuilder builder, string name) =>
        builder.AddGiven(name, "amqp://USER:PASSWORD@HOST:5672", text =>
        {
            var factory = new ConnectionFactory();
            new BrokerAddress(BrokerAddress.Read(text), builder.BrokerAuthorities()).ApplyTo(factory);
            IConnection? connection = null;
            return checks => checks.AddRabbitMQ(async _ => connection ??= await factory.CreateConnectionAsync(), name);
        });

    public static IResourceBuilder<IResourceWithConnectionString>? AddGivenRedis(this IDistributedApplicationBuilder builder, string name) =>
        builder.AddGiven(name, "HOST:6379,password=PASSWORD", text =>
        {
            var address = RedisAddress.Read(text);
            var options = ConfigurationOptions.Parse(address.Text);
            address.ApplyTo(options);
            options.AbortOnConnectFail = false;
            var connection = new Lazy<IConnectionMultiplexer>(() => ConnectionMultiplexer.Connect(options));
            return checks => checks.AddRedis(_ => connection.Value, name);
        });

    public static IResourceBuilder<IResourceWithConnectionString>? AddGivenImageStore(this IDistributedApplicationBuilder builder, string name) =>
        builder.AddGiven(name, "Endpoint=http://HOST:PORT;AccessKey=KEY;SecretKey=SECRET;Bucket=images", text =>
            new DbConnectionStringBuilder { ConnectionString = text }.TryGetValue("Endpoint", out var endpoint)
            && Uri.TryCreate((string)endpoint, UriKind.Absolute, out var address) && address.Scheme.StartsWith("http", StringComparison.Ordinal)
                ? checks => checks.AddS3(name, () => address.AbsoluteUri)
                : null);

    /// <summary>The authorities that the AppHost trusts for a given broker, the services trust too.</summary>
    public static IResourceBuilder<ProjectResource> WithBrokerAuthorities(this IResourceBuilder<ProjectResource> service) =>
        service.ApplicationBuilder is { ExecutionContext.IsRunMode: true } builder && builder.BrokerAuthoritiesFile() is { } file
            ? service.WithEnvironment("Messaging__CaCertificate", Path.GetFullPath(file))
            : service;

    private static string? BrokerAuthoritiesFile(this IDistributedApplicationBuilder builder) =>
        builder.Configuration["Messaging:CaCertificate"] is { Length: > 0 } file ? file : null;

    private static X509Certificate2Collection BrokerAuthorities(this IDistributedApplicationBuilder builder)
    {
        if (builder.BrokerAuthoritiesFile() is not { } file)
            return [];
        try
        {
            return BrokerAddress.ReadAuthorities(file);
        }
        catch (FormatException exception)
        {
            throw new DistributedApplicationException($"Messaging__CaCertificate {exception.Message}");
        }
    }

    /// <param name="builder">The AppHost.</param>
    /// <param name="name">The connection's name.</param>
    /// <param name="form">The form of the connection string.</param>
    /// <param name="read">Parses the connection string and returns a function that adds the health check; null if it is invalid.</param>
    /// <exception cref="DistributedApplicationException">The connection string is invalid.</exception>
    private static IResourceBuilder<IResourceWithConnectionString>? AddGiven(
        this IDistributedApplicationBuilder builder, string name, string form, Func<string, Action<IHealthChecksBuilder>?> read)
    {
        if (builder.Configuration.GetConnectionString(name) is not { } text || string.IsNullOrWhiteSpace(text))
            return null;
        var given = builder.AddConnectionString(name);
        if (builder.ExecutionContext.IsPublishMode)
            return given;

        var addCheck = Read() ?? throw new DistributedApplicationException($"ConnectionStrings__{name} is invalid. The form is {form}.");
        addCheck(builder.Services.AddHealthChecks());
        return given.WithHealthCheck(name);

        Action<IHealthChecksBuilder>? Read()
        {
            try
            {
                return read(text);
            }
            catch (Exception exception) when (exception is ArgumentException or FormatException or OverflowException)
            {
                return null; // the exception's message may repeat part of the text, and so of the password
            }
        }
    }
}
