using McpImageGen.Tests.Containers;
using McpImageGen.Tests.Testing;

namespace McpImageGen.Tests.Distributed;

/// <summary>More calls at once than Postgres, as it comes, has connections.</summary>
[Collection<Outages>]
[Slow]
public sealed class ManyCallsTests(Servers servers)
{
    private const string OtherToken = "other";

    [Fact]
    public async Task All_400_concurrent_calls_of_one_owner_and_a_call_of_another_owner_succeed()
    {
        await using var system = new DistributedSystem(servers);
        system.Settings["Auth__Tokens__0__Owner"] = system.Settings["Auth__Tokens__0__Token"] = OtherToken;
        await system.PreparedAsync();
        system.StartServices(apis: 1, workers: 1);
        await system.HealthyAsync();

        var many = Task.WhenAll(Enumerable.Range(0, 400).Select(_ => system.Client(0).CallAsync("generate_image", new { prompt = "one of many" })));
        var other = await system.Client(0, OtherToken).CallAsync("generate_image_and_wait", new { prompt = "of somebody else" });

        Assert.True(other.Success, other.Raw);
        Assert.All(await many, call => Assert.True(call.Success, call.Raw));
    }

    [Fact]
    public async Task Calls_fail_with_database_unavailable_when_Postgres_does_not_respond()
    {
        await using var system = new DistributedSystem(servers);
        await system.PreparedAsync();
        system.Settings["ConnectionStrings__jobs"] += ";Command Timeout=5";
        system.StartServices(apis: 1, workers: 1);
        await system.HealthyAsync();

        await servers.Postgres.FreezeAsync();
        ToolOutcome[] answers;
        try
        {
            answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => system.Client(0).CallAsync("list_jobs", new { })));
        }
        finally
        {
            await servers.Postgres.UnfreezeAsync();
        }

        Assert.All(answers, answer => Assert.Equal("database_unavailable", answer.Text("error_code")));
        await Until.HoldsAsync(() => system.Client(0).CallAsync("list_jobs", new { }), answer => answer.Success, "the tools answer again");
    }
}
