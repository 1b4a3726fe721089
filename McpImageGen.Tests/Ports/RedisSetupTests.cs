using McpImageGen.Jobs.Signals;
using Microsoft.Extensions.Options;

namespace McpImageGen.Tests.Ports;

public sealed class RedisSetupTests
{
    [Theory]
    [InlineData(null, "is not set")]
    [InlineData(" ", "is not set")]
    [InlineData("abortConnect=false", "names no server")]
    [InlineData("localhost:6379,hidden=1", "is invalid (part 2 is unknown or invalid)")]
    [InlineData("localhost:6379,ssl=hidden", "is invalid (part 2 is unknown or invalid)")]
    [InlineData("localhost:many", "names no server")]
    [InlineData("localhost:99999", "is invalid (part 1 is unknown or invalid)")]
    [InlineData("http://ann:hidden@redis:6379", "is invalid (it is a URI, but starts neither with redis:// nor with rediss://)")]
    [InlineData("redis://ann:hidden@", "names no host")]
    [InlineData("redis://ann:hidden@redis/hidden", "is invalid (its path is not the number of a database)")]
    [InlineData("redis://ann:hidden@redis?hidden=1", "is invalid (part 2 is unknown or invalid)")]
    public void Invalid_Redis_connection_string_is_reported_in_one_line(string? text, string problem)
    {
        var line = Assert.Single(Assert.Throws<OptionsValidationException>(() => RedisSetup.Read(text)).Failures);

        Assert.StartsWith("ConnectionStrings__redis ", line, StringComparison.Ordinal);
        Assert.Contains(problem, line, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', line);
        Assert.DoesNotContain("hidden", line, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("redis://redis", "redis:6379", null, null, null, false)]
    [InlineData("redis://:secret@redis:6380/3", "redis:6380", null, "secret", 3, false)]
    [InlineData("redis://ann:p%40s%2Cs%3D@redis:6380", "redis:6380", "ann", "p@s,s=", null, false)]
    [InlineData("redis://ann:p@ss@redis", "redis:6379", "ann", "p@ss", null, false)]
    [InlineData("rediss://ann:secret@redis:6380/1", "redis:6380", "ann", "secret", 1, true)]
    [InlineData("rediss://redis/?channelPrefix=a%3A", "redis:6379", null, null, null, true)]
    [InlineData("redis:6380,user=ann,password=secret,defaultDatabase=1,ssl=true", "redis:6380", "ann", "secret", 1, true)]
    public void Redis_connection_string_can_be_a_URI_or_a_StackExchange_configuration(string text, string server, string? user, string? password, int? database, bool ssl)
    {
        var options = RedisSetup.Read(text);

        Assert.Equal($"Unspecified/{server}", Assert.Single(options.EndPoints).ToString());
        Assert.Equal((user, password, database, ssl), (options.User, options.Password, options.DefaultDatabase, options.Ssl));
    }

    [Fact]
    public void Start_does_not_require_Redis_even_with_abortConnect() =>
        Assert.False(RedisSetup.Read("localhost,abortConnect=true").AbortOnConnectFail);
}
