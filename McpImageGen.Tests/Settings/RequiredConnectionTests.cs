using McpImageGen.Jobs.Bus;
using McpImageGen.Jobs.Database.Postgres;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace McpImageGen.Tests.Settings;

public sealed class RequiredConnectionTests
{
    [Theory]
    [InlineData("jobs", null, "is not set")]
    [InlineData("jobs", "Hostname=db", "can't be read")]
    [InlineData("jobs", "Host=db;Port=many", "can't be read")]
    [InlineData("jobs", "postgres://ann:hidden@db:many/jobs", "can't be read (its Port is invalid)")]
    [InlineData("jobs", "postgres://ann:hid=den?hidden=hidden@db/jobs", "can't be read (its Port is invalid)")]
    [InlineData("jobs", "postgres://ann:hidden@db/jobs?hidden=hidden", "can't be read (parameter 1 is unknown)")]
    [InlineData("jobs", "postgres://ann:hidden@db/jobs?sslmode=hidden", "can't be read (its SSL Mode is invalid)")]
    [InlineData("jobs", "postgres://ann:hidden@", "can't be read (it names no host)")]
    [InlineData("jobs", "mysql://ann:hidden=hidden@db/jobs", "can't be read (keyword 1 is unknown)")]
    [InlineData("jobs", "Host=db;Password=x;hidden=y", "can't be read (keyword 3 is unknown)")]
    [InlineData("jobs", "Host=db;Password=x;hidden", "can't be read")]
    [InlineData("jobs", "Database=hidden", "can't be read (it names no host)")]
    [InlineData("jobs", "Host=db;Maximum Pool Size=0", "can't be read (its Maximum Pool Size is invalid)")]
    [InlineData("jobs", "Host=db;Minimum Pool Size=200", "can't be read (some of its values contradict each other)")]
    [InlineData("messaging", " ", "is not set")]
    [InlineData("messaging", "127.0.0.1:5672", "can't be read (it starts neither with amqp:// nor with amqps://)")]
    [InlineData("messaging", "amqp://user:hidden@", "can't be read")]
    [InlineData("messaging", "amqp://user:hidden@broker/hidden/hidden", "can't be read (a slash in the virtual host's name is written %2f)")]
    [InlineData("messaging", "broker:5672/host", "can't be read")]
    [InlineData("messaging", "amqp://user:hidden@a b", "can't be read")]
    [InlineData("messaging", "http://user:hidden@broker:5672", "can't be read")]
    public void What_is_wrong_with_a_connection_string_is_one_line_that_names_the_setting(string name, string? text, string problem)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration[$"ConnectionStrings:{name}"] = text;

        var exception = Assert.Throws<OptionsValidationException>(name == "jobs" ? builder.AddPostgresJobs : () => builder.AddRabbitMqBus());

        var line = Assert.Single(exception.Failures);
        Assert.StartsWith($"ConnectionStrings__{name} {problem}", line, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', line);
        Assert.DoesNotContain("hidden", line, StringComparison.Ordinal);
    }
}
