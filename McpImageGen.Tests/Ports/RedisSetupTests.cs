using McpImageGen.Jobs.Signals;
using Microsoft.Extensions.Options;

namespace McpImageGen.Tests.Ports;

public sealed class RedisSetupTests
{
    [Theory]
    [InlineData(null, "is not set")]
    [InlineData(" ", "is not set")]
    [InlineData("abortConnect=false", "contains no server")]
    [InlineData("localhost:6379,nonsense=1", "nonsense")]
    public void A_wrong_setting_is_named_in_one_line(string? text, string problem)
    {
        var line = Assert.Single(Assert.Throws<OptionsValidationException>(() => RedisSetup.Read(text)).Failures);

        Assert.StartsWith("ConnectionStrings__redis ", line, StringComparison.Ordinal);
        Assert.Contains(problem, line, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', line);
    }

    [Fact]
    public void The_process_starts_without_Redis_whatever_the_setting_says() =>
        Assert.False(RedisSetup.Read("localhost,abortConnect=true").AbortOnConnectFail);
}
