using DotNet.Testcontainers.Containers;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Testcontainers.PostgreSql;

namespace McpImageGen.Tests.Containers;

public class PostgresServer() : Server("Postgres")
{
    private const string User = "mcpimagegen";
    private const string Password = "secret";

    /// <summary>An empty database of the caller's own, as a URI.</summary>
    public async Task<string> NewDatabaseUriAsync()
    {
        var database = new NpgsqlConnectionStringBuilder(await NewDatabaseAsync());
        return $"postgres://{User}:{Password}@{Host}:{Port}/{database.Database}?sslmode=disable";
    }

    /// <summary>Where other containers find it.</summary>
    public string InnerAddress => Container.IpAddress;

    // Not pooled: after a kill, a pool still gives connections of before.
    protected string Administration => ConnectionString("postgres") + ";Pooling=false";

    /// <summary>An empty database of the caller's own, as Npgsql's connection string.</summary>
    /// <param name="options">What follows in CREATE DATABASE, such as a locale.</param>
    public async Task<string> NewDatabaseAsync(string options = "")
    {
        await StartAsync();
        var name = NewName();
        await using var connection = new NpgsqlConnection(Administration);
        await connection.OpenAsync(Cancel);
        await using var command = new NpgsqlCommand($"CREATE DATABASE {name} {options}", connection);
        await command.ExecuteNonQueryAsync(Cancel);
        return ConnectionString(name);
    }

    /// <summary>Changes a setting of the whole server, also for connections that are open; null for its default.</summary>
    public async Task SetAsync(string setting, string? value)
    {
        await using var connection = new NpgsqlConnection(Administration);
        await connection.OpenAsync(Cancel);
        await using var command = new NpgsqlCommand(value is null ? $"ALTER SYSTEM RESET {setting}" : $"ALTER SYSTEM SET {setting} = {value}", connection);
        await command.ExecuteNonQueryAsync(Cancel);
        command.CommandText = "SELECT pg_reload_conf()";
        await command.ExecuteNonQueryAsync(Cancel);
    }

    // The module trades durability for speed; of that, synchronous_commit=off would lose committed rows when the server is killed.
    protected override IContainer Create() => Configure(new PostgreSqlBuilder(ContainerSettings.Image("POSTGRES", "postgres:18"))
        .WithUsername(User)
        .WithPassword(Password)
        .WithCommand("-c", "synchronous_commit=on")
        .WithPortBinding(Port, PostgreSqlBuilder.PostgreSqlPort)
        .WithLabel(ContainerSettings.RunLabel, ContainerSettings.Run)
        .WithLogger(NullLogger.Instance))
        .Build();

    protected virtual PostgreSqlBuilder Configure(PostgreSqlBuilder builder) => builder;

    protected override async Task TryAsync(CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(Administration);
        await connection.OpenAsync(cancellationToken);
    }

    private string ConnectionString(string database) => $"Host={Host};Port={Port};Database={database};Username={User};Password={Password}";
}
