using System.Data.Common;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using RabbitMQ.Client;
using StackExchange.Redis;

namespace McpImageGen.AppHost;

/// <summary>
/// External servers, such as managed ones, given to the AppHost by <c>ConnectionStrings__NAME</c>. The dashboard shows their health, and the
/// services wait for them as for containers.
/// </summary>
internal static class GivenServers
{
    public static IResourceBuilder<IResourceWithConnectionString>? AddGivenDatabase(this IDistributedApplicationBuilder builder, string name) =>
        builder.AddGiven(name, "Host=HOST;Username=USER;Password=PASSWORD;Database=DATABASE", text =>
            new NpgsqlConnectionStringBuilder(text).Host is null ? null : checks => checks.AddNpgSql(text, name: name));

    public static IResourceBuilder<IResourceWithConnectionString>? AddGivenBroker(this IDistributedApplicationBuilder builder, string name) =>
        builder.AddGiven(name, "amqp://USER:PASSWORD@HOST:5672", text =>
        {
            var factory = new ConnectionFactory { Uri = new Uri(text) };
            IConnection? connection = null;
            return checks => checks.AddRabbitMQ(async _ => connection ??= await factory.CreateConnectionAsync(), name);
        });

    public static IResourceBuilder<IResourceWithConnectionString>? AddGivenRedis(this IDistributedApplicationBuilder builder, string name) =>
        builder.AddGiven(name, "HOST:6379,password=PASSWORD", text =>
            ConfigurationOptions.Parse(text).EndPoints.Count == 0 ? null : checks => checks.AddRedis(text, name));

    public static IResourceBuilder<IResourceWithConnectionString>? AddGivenImageStore(this IDistributedApplicationBuilder builder, string name) =>
        builder.AddGiven(name, "Endpoint=http://HOST:PORT;AccessKey=KEY;SecretKey=SECRET;Bucket=images", text =>
            new DbConnectionStringBuilder { ConnectionString = text }.TryGetValue("Endpoint", out var endpoint)
            && Uri.TryCreate((string)endpoint, UriKind.Absolute, out var address) && address.Scheme.StartsWith("http", StringComparison.Ordinal)
                ? checks => checks.AddS3(name, () => address.AbsoluteUri)
                : null);

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
