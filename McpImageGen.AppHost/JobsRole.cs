using Npgsql;

namespace McpImageGen.AppHost;

/// <summary>The role with which the services connect to the AppHost's Postgres: it owns the database, and is no superuser.</summary>
internal static class JobsRole
{
    public const string Name = "mcpimagegen";

    private const string Password = "JOBS_PASSWORD";

    /// <summary>For psql, which reads the password from the environment. Without a dollar sign, because the targets' files would expand it.</summary>
    private const string InitScript =
        $"printf '%s\\n' \"\\\\getenv password {Password}\" \"CREATE ROLE {Name} LOGIN PASSWORD :'password';\" 'ALTER DATABASE {Servers.JobsDatabase} OWNER TO {Name};'";

    /// <summary>
    /// Safe to repeat. Volumes from before there was this role contain tables and functions that the superuser owns; the role must own them to migrate them.
    /// </summary>
    private const string Sql = $"""
        DO $$
        DECLARE
          owned text;
        BEGIN
          IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{Name}') THEN
            CREATE ROLE {Name};
          END IF;
          EXECUTE format('ALTER ROLE {Name} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD %L', current_setting('{Name}.password'));
          EXECUTE format('ALTER DATABASE %I OWNER TO {Name}', current_database());
          FOR owned IN
            SELECT format('TABLE %s', oid::regclass) FROM pg_class
            WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND relowner <> '{Name}'::regrole
            UNION ALL
            SELECT format('FUNCTION %s', oid::regprocedure) FROM pg_proc
            WHERE pronamespace = 'public'::regnamespace AND proowner <> '{Name}'::regrole
          LOOP
            EXECUTE format('ALTER %s OWNER TO {Name}', owned);
          END LOOP;
        END $$
        """;

    /// <summary>
    /// Creates the role: on this machine at each start of the server, before the services start; in a deployment, where no AppHost runs, when the
    /// server initializes its data volume.
    /// </summary>
    public static IResourceBuilder<PostgresServerResource> WithJobsRole(
        this IResourceBuilder<PostgresServerResource> postgres, IResourceBuilder<ParameterResource> password) =>
        postgres.ApplicationBuilder.ExecutionContext.IsPublishMode
            ? postgres
                .WithEnvironment(Password, password)
                .WithEntrypoint("/bin/sh")
                .WithArgs("-c", $"{InitScript} > /docker-entrypoint-initdb.d/jobs.sql && exec docker-entrypoint.sh postgres")
            : postgres.OnResourceReady(async (server, _, cancellationToken) => await CreateAsync(
                $"{await server.ConnectionStringExpression.GetValueAsync(cancellationToken)};Database={Servers.JobsDatabase}",
                await password.Resource.GetValueAsync(cancellationToken),
                cancellationToken));

    /// <summary>Creates the role, or sets its password, and makes it the owner of the database and of what is in it.</summary>
    /// <param name="superuser">The superuser's connection to the database.</param>
    /// <param name="password">The role's password.</param>
    internal static async Task CreateAsync(string superuser, string? password, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection($"{superuser};Pooling=false");
        await connection.OpenAsync(cancellationToken);
        await using (var setting = new NpgsqlCommand($"SELECT set_config('{Name}.password', $1, false)", connection))
        {
            setting.Parameters.Add(new() { Value = password });
            await setting.ExecuteNonQueryAsync(cancellationToken);
        }

        await using var command = new NpgsqlCommand(Sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
