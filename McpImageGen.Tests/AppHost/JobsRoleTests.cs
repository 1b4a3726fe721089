using System.Text.Json;
using DotNet.Testcontainers.Builders;
using DotNet.Testcontainers.Containers;
using McpImageGen.AppHost;
using McpImageGen.Tests.Containers;
using McpImageGen.Tests.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace McpImageGen.Tests.AppHost;

/// <summary>The role with which the services connect to the AppHost's Postgres.</summary>
[Collection<WithAppHost>]
[Slow]
public sealed class JobsRoleTests(SharedAppHost shared)
{
    private const string RightsSql = """
        SELECT current_user || concat_ws(', ',
          CASE WHEN rolsuper THEN ' superuser' END, CASE WHEN rolcreaterole THEN ' createrole' END, CASE WHEN rolcreatedb THEN ' createdb' END,
          CASE WHEN rolreplication THEN ' replication' END, CASE WHEN rolbypassrls THEN ' bypassrls' END)
        FROM pg_roles WHERE rolname = current_user
        """;

    private const string OwnersSql = """
        SELECT string_agg(DISTINCT owner::regrole::text, ', ') FROM (
          SELECT datdba AS owner FROM pg_database WHERE datname = current_database()
          UNION ALL SELECT relowner FROM pg_class WHERE relnamespace = 'public'::regnamespace
          UNION ALL SELECT proowner FROM pg_proc WHERE pronamespace = 'public'::regnamespace) AS owners
        """;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("mcp-api")]
    [InlineData("generation-worker")]
    public async Task Service_connects_with_a_role_that_owns_the_database_and_has_no_other_privileges(string service)
    {
        var host = await shared.StartedAsync();
        var environment = host.InstancesOf(service)[0].Snapshot.EnvironmentVariables;
        var connection = environment.Single(variable => variable.Name == "ConnectionStrings__jobs").Value!;

        Assert.Equal("mcpimagegen", await AskAsync(connection, RightsSql));
        Assert.Equal("mcpimagegen", await AskAsync(connection, OwnersSql));
    }

    [Fact]
    public async Task Ownership_of_an_existing_superuser_database_is_transferred_to_the_role()
    {
        await using var server = await StartAsync(builder => builder.WithEnvironment("POSTGRES_DB", "jobs"));
        var superuser = ConnectionString(server, "postgres");
        await Until.HoldsAsync(() => CanConnectAsync(superuser), isUp => isUp, "the superuser can connect");
        await AskAsync(superuser, "CREATE TABLE jobs (id int GENERATED ALWAYS AS IDENTITY); CREATE FUNCTION now_ms() RETURNS int LANGUAGE sql AS 'SELECT 1'");

        for (var start = 0; start < 2; start++)
            await JobsRole.CreateAsync(superuser, "secret", Cancel);

        var role = ConnectionString(server, "mcpimagegen");
        Assert.Equal("mcpimagegen", await AskAsync(role, RightsSql));
        Assert.Equal("mcpimagegen", await AskAsync(role, OwnersSql));
        await AskAsync(role, "ALTER TABLE jobs ADD prompt text");
    }

    [Fact]
    public async Task Published_Postgres_container_creates_the_role_that_owns_the_database()
    {
        using var manifest = JsonDocument.Parse(await SystemModel.ManifestAsync());
        var published = manifest.RootElement.GetProperty("resources").GetProperty("postgres");

        await using var server = await StartAsync(builder => published.GetProperty("env").EnumerateObject().Aggregate(
            builder.WithEntrypoint(published.GetProperty("entrypoint").GetString()!)
                .WithCommand([.. published.GetProperty("args").EnumerateArray().Select(arg => arg.GetString()!)]),
            (container, variable) => container.WithEnvironment(
                variable.Name, variable.Value.GetString()! is ['{', ..] ? "secret" : variable.Value.GetString()!)));

        var role = ConnectionString(server, "mcpimagegen");
        await Until.HoldsAsync(() => CanConnectAsync(role), isUp => isUp, "the role can connect");
        Assert.Equal("mcpimagegen", await AskAsync(role, RightsSql));
        await AskAsync(role, "CREATE TABLE jobs (id int)");
        Assert.Equal("mcpimagegen", await AskAsync(role, OwnersSql));
    }

    private static async Task<IContainer> StartAsync(Func<ContainerBuilder, ContainerBuilder> configure)
    {
        ContainerSettings.RequireDocker();
        var builder = new ContainerBuilder(ContainerSettings.Image("POSTGRES", "postgres:18"))
            .WithEnvironment("POSTGRES_PASSWORD", "secret")
            .WithPortBinding(5432, assignRandomHostPort: true)
            .WithLabel(ContainerSettings.RunLabel, ContainerSettings.Run)
            .WithLogger(NullLogger.Instance);
        var server = configure(builder).Build();
        await server.StartAsync(Cancel);
        return server;
    }

    private static string ConnectionString(IContainer server, string user) =>
        $"Host={server.Hostname};Port={server.GetMappedPublicPort(5432)};Username={user};Password=secret;Database=jobs";

    private static async Task<bool> CanConnectAsync(string connectionString)
    {
        try
        {
            await AskAsync(connectionString, "SELECT 1");
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }

    private static async Task<object?> AskAsync(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection($"{connectionString};Pooling=false");
        await connection.OpenAsync(Cancel);
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(Cancel);
    }
}
