using McpImageGen.Jobs.Database.Postgres;
using Npgsql;

namespace McpImageGen.Tests.Database;

public sealed class PostgresConnectionTests
{
    /// <summary>Those of Postgres' 100 that are not kept for its administrator.</summary>
    private const int Connections = 97;

    [Theory]
    [InlineData(2, 3)] // what the AppHost runs
    [InlineData(3, 4)] // while Kubernetes replaces them
    public void Connection_pools_of_all_processes_fit_into_the_Postgres_default_limit(int apis, int workers) =>
        Assert.True((apis + workers) * PostgresSetup.ReadSized("Host=db").MaxPoolSize < Connections);

    [Theory]
    [InlineData("Host=db;Maximum Pool Size=40")]
    [InlineData("Host=db;MaxPoolSize=40")]
    [InlineData("postgres://db/jobs?MaxPoolSize=40")]
    public void Configured_pool_size_is_kept(string text) => Assert.Equal(40, PostgresSetup.ReadSized(text).MaxPoolSize);

    [Theory]
    [InlineData("postgres://ann:secret@db:5433/jobs", "Host=db;Port=5433;Database=jobs;Username=ann;Password=secret")]
    [InlineData("postgresql://ann:secret@db/jobs", "Host=db;Database=jobs;Username=ann;Password=secret")]
    [InlineData("POSTGRES://db", "Host=db")]
    [InlineData("postgres://a%40b:p%3Aa%2Fs%25%20s%3D%3B@db/my%20jobs", "Host=db;Database=my jobs;Username=a@b;Password=\"p:a/s% s=;\"")]
    [InlineData("postgres://ann:p@ss#1@db/jobs", "Host=db;Database=jobs;Username=ann;Password=p@ss#1")]
    [InlineData("postgres://ann@[::1]:5433/jobs", "Host=::1;Port=5433;Database=jobs;Username=ann")]
    [InlineData("postgres://ann@one:5432,two:5433/jobs?target_session_attrs=read-write", "Host=\"one:5432,two:5433\";Database=jobs;Username=ann;Target Session Attributes=read-write")]
    [InlineData("postgres://db/jobs?sslmode=require", "Host=db;Database=jobs;SSL Mode=Require")]
    [InlineData("postgres://db/jobs?sslmode=verify-full&sslrootcert=%2Fca.pem", "Host=db;Database=jobs;SSL Mode=VerifyFull;Root Certificate=/ca.pem")]
    [InlineData("postgres:///jobs?host=/run/postgresql&user=ann&application_name=images", "Host=/run/postgresql;Database=jobs;Username=ann;Application Name=images")]
    [InlineData("postgres://db/jobs?connect_timeout=5", "Host=db;Database=jobs;Timeout=5")]
    public void Postgres_URI_is_converted_to_a_connection_string(string uri, string connection)
    {
        var expected = new NpgsqlConnectionStringBuilder(connection) { MaxPoolSize = PostgresSetup.MaxConnections };

        Assert.True(expected.EquivalentTo(PostgresSetup.ReadSized(uri)));
    }
}
