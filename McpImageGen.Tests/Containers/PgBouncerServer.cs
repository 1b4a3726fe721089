using System.Text;
using DotNet.Testcontainers.Builders;
using DotNet.Testcontainers.Containers;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace McpImageGen.Tests.Containers;

/// <summary>pgbouncer in transaction mode before a Postgres: after each transaction, a client may get another connection to the server.</summary>
public sealed class PgBouncerServer(PostgresServer postgres) : Server("pgbouncer")
{
    private const ushort ContainerPort = 6432;

    private NpgsqlConnectionStringBuilder _database = [];

    /// <summary>The way to a database of the Postgres through it.</summary>
    public async Task<string> InFrontOfAsync(string database)
    {
        _database = new NpgsqlConnectionStringBuilder(database);
        await StartAsync();
        return new NpgsqlConnectionStringBuilder(database) { Host = Host, Port = Port }.ConnectionString;
    }

    protected override IContainer Create()
    {
        var configuration = $"""
            [databases]
            * = host={postgres.InnerAddress} port=5432

            [pgbouncer]
            listen_addr = *
            listen_port = {ContainerPort}
            auth_type = plain
            auth_file = /etc/pgbouncer/users.txt
            pool_mode = transaction
            default_pool_size = 10
            max_client_conn = 500

            """;
        return new ContainerBuilder(ContainerSettings.Image("PGBOUNCER", "edoburu/pgbouncer:v1.24.1-p1"))
            .WithResourceMapping(Encoding.UTF8.GetBytes(configuration), "/etc/pgbouncer/pgbouncer.ini")
            .WithResourceMapping(Encoding.UTF8.GetBytes($"\"{_database.Username}\" \"{_database.Password}\"\n"), "/etc/pgbouncer/users.txt")
            .WithPortBinding(Port, ContainerPort)
            .WithLabel(ContainerSettings.RunLabel, ContainerSettings.Run)
            .WithLogger(NullLogger.Instance)
            .Build();
    }

    protected override async Task TryAsync(CancellationToken cancellationToken)
    {
        var direct = new NpgsqlConnectionStringBuilder(_database.ConnectionString) { Host = Host, Port = Port, Pooling = false };
        await using var connection = new NpgsqlConnection(direct.ConnectionString);
        await connection.OpenAsync(cancellationToken);
    }
}
