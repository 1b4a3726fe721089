using McpImageGen.Tests.Testing;

namespace McpImageGen.Tests.AppHost;

/// <summary>What a first start finds: empty volumes.</summary>
[Collection<WithAppHost>]
[Slow]
public sealed class FirstStartTests(SharedAppHost shared)
{
    [Fact]
    public async Task No_resource_logs_an_error_on_the_first_start()
    {
        await shared.StartedAsync();

        Assert.Equal([], shared.ErrorsOfFirstStart);
    }
}
