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
    [InlineData("messaging", " ", "is not set")]
    [InlineData("messaging", "broker:5672/host", "is invalid")]
    [InlineData("messaging", "amqp://user:hidden@a b", "is invalid")]
    [InlineData("messaging", "http://user:hidden@broker:5672", "is invalid")]
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
