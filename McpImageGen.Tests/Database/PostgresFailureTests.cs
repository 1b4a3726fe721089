using McpImageGen.Jobs.Database;
using McpImageGen.Jobs.Database.Postgres;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace McpImageGen.Tests.Database;

/// <summary>Which of Postgres' errors mean that the database is away for now, so that work waits for it instead of being lost.</summary>
public sealed class PostgresFailureTests
{
    private static readonly JobsDatabase Database = new PostgresDatabase(TimeProvider.System);

    [Theory]
    [InlineData("08006")] // connection_failure
    [InlineData("08P01")] // protocol_violation: what pgbouncer says while its server is away
    [InlineData("25006")] // read_only_sql_transaction
    [InlineData("25P03")] // idle_in_transaction_session_timeout
    [InlineData("28P01")] // invalid_password: it is being changed
    [InlineData("3D000")] // invalid_catalog_name: the database is being restored
    [InlineData("40P01")] // deadlock_detected
    [InlineData("42501")] // insufficient_privilege
    [InlineData("42P01")] // undefined_table: another service is making it
    [InlineData("53100")] // disk_full
    [InlineData("53300")] // too_many_connections
    [InlineData("55000")] // the database takes no connections
    [InlineData("55006")] // object_in_use
    [InlineData("55P03")] // lock_not_available
    [InlineData("57014")] // query_canceled
    [InlineData("57P01")] // admin_shutdown
    [InlineData("57P03")] // cannot_connect_now
    [InlineData("58030")] // io_error
    public void Postgres_error_that_an_operator_can_fix_is_an_outage(string state)
    {
        var failure = new PostgresException("", "ERROR", "ERROR", state);

        Assert.True(Database.IsUnavailable(failure));
        Assert.True(Database.IsUnavailable(new DbUpdateException("", failure)));
    }

    [Theory]
    [InlineData("22001")] // string_data_right_truncation
    [InlineData("23505")] // unique_violation
    [InlineData("42601")] // syntax_error
    public void Postgres_error_caused_by_the_statement_is_not_an_outage(string state) =>
        Assert.False(Database.IsUnavailable(new PostgresException("", "ERROR", "ERROR", state)));
}
