using System.Text;
using DotNet.Testcontainers.Configurations;
using McpImageGen.Tests.Distributed;
using McpImageGen.Tests.Testing;
using Npgsql;
using Testcontainers.PostgreSql;

namespace McpImageGen.Tests.Containers;

/// <summary>Postgres on a host of its own, whose clock a test can set.</summary>
public sealed class PostgresServerWithFakeClock : PostgresServer
{
    private const string Library = "/faketime/libfaketime.so.1";
    private const string File = "/faketime/clock";
    private const UnixFileModes Writable = UnixFileModes.OtherRead | UnixFileModes.OtherWrite | UnixFileModes.OtherExecute;

    public async Task SetClockAsync(TimeSpan offset)
    {
        await ExecuteAsync("sh", "-c", $"echo '{FakeClock.Text(offset).Trim()}' > {File}");
        await Until.HoldsAsync(
            ClockAsync, now => (now - DateTime.UtcNow - offset).Duration() < TimeSpan.FromSeconds(10), $"the clock has the offset {offset}");
    }

    protected override PostgreSqlBuilder Configure(PostgreSqlBuilder builder) => builder
        .WithResourceMapping(System.IO.File.ReadAllBytes(FakeClock.Library), Library, fileMode: Writable)
        .WithResourceMapping(Encoding.ASCII.GetBytes(FakeClock.Text(TimeSpan.Zero)), File, fileMode: Writable)
        .WithEnvironment(FakeClock.SettingsFor(Library, File))
        // libfaketime shares a semaphore between the container's processes, so all must have the same user.
        .WithCreateParameterModifier(container => container.User = "postgres")
        .WithTmpfsMount("/run/postgresql");

    private async Task<DateTime> ClockAsync()
    {
        await using var connection = new NpgsqlConnection(Administration);
        await connection.OpenAsync(Cancel);
        await using var command = new NpgsqlCommand("SELECT clock_timestamp()", connection);
        return (DateTime)(await command.ExecuteScalarAsync(Cancel))!;
    }
}
