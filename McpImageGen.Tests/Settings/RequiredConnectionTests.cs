using McpImageGen.Jobs.Bus;
using McpImageGen.Jobs.Database.Postgres;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace McpImageGen.Tests.Settings;

public sealed class RequiredConnectionTests
{
    [Theory]
    [InlineData("jobs", null, "is not set")]
    [InlineData("jobs", "Hostname=db", "is invalid")]
    [InlineData("jobs", "Host=db;Port=many", "is invalid")]
    [InlineData("jobs", "postgres://ann:hidden@db:many/jobs", "is invalid (its Port is invalid)")]
    [InlineData("jobs", "postgres://ann:hid=den?hidden=hidden@db/jobs", "is invalid (its Port is invalid)")]
    [InlineData("jobs", "postgres://ann:hidden@db/jobs?hidden=hidden", "is invalid (parameter 1 is unknown)")]
    [InlineData("jobs", "postgres://ann:hidden@db/jobs?sslmode=hidden", "is invalid (its SSL Mode is invalid)")]
    [InlineData("jobs", "postgres://ann:hidden@", "is invalid (it names no host)")]
    [InlineData("jobs", "mysql://ann:hidden=hidden@db/jobs", "is invalid (keyword 1 is unknown)")]
    [InlineData("jobs", "Host=db;Password=x;hidden=y", "is invalid (keyword 3 is unknown)")]
    [InlineData("jobs", "Host=db;Password=x;hidden", "is invalid")]
    [InlineData("jobs", "Database=hidden", "is invalid (it names no host)")]
    [InlineData("jobs", "Host=db;Maximum Pool Size=0", "is invalid (its Maximum Pool Size is invalid)")]
    [InlineData("jobs", "Host=db;Minimum Pool Size=200", "is invalid (some of its values contradict each other)")]
    [InlineData("messaging", " ", "is not set")]
    [InlineData("messaging", "127.0.0.1:5672", "is invalid (it starts neither with amqp:// nor with amqps://)")]
    [InlineData("messaging", "amqp://user:hidden@", "is invalid")]
    [InlineData("messaging", "amqp://user:hidden@broker/hidden/hidden", "is invalid (a slash in the virtual host's name is written %2f)")]
    [InlineData("messaging", "broker:5672/host", "is invalid")]
    [InlineData("messaging", "amqp://user:hidden@a b", "is invalid")]
    [InlineData("messaging", "http://user:hidden@broker:5672", "is invalid")]
    public void Invalid_connection_string_is_reported_in_one_line_that_names_the_setting(string name, string? text, string problem)
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
