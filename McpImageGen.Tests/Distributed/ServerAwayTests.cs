using McpImageGen.Tests.Containers;
using McpImageGen.Tests.Pages;
using McpImageGen.Tests.Testing;

namespace McpImageGen.Tests.Distributed;

/// <summary>What callers are told while a server is away.</summary>
[Collection<Outages>]
public sealed class ServerAwayTests(Servers servers)
{
    [Fact]
    public async Task Jobs_are_accepted_within_3_s_while_RabbitMQ_is_down()
    {
        await using var system = new DistributedSystem(servers);
        await system.StartedAsync();
        Assert.True((await system.Client(0).CallAsync("generate_image_and_wait", new { prompt = "before" })).Success);

        await servers.RabbitMq.KillAsync();
        var accepted = await system.Client(0).CallAsync("generate_image", new { prompt = "meanwhile", count = 20 })
            .WaitAsync(TimeSpan.FromSeconds(3), TestContext.Current.CancellationToken);
        Assert.True(accepted.Success, accepted.Raw);
        await servers.RabbitMq.StartAsync();

        var done = await system.Client(1).CallAsync("wait_for_completion", new { job_ids = accepted.List("job_ids") });
        Assert.True(done.Success, done.Raw);
    }

    [Fact]
    public async Task Every_tool_says_so_while_Postgres_is_down()
    {
        await using var system = new DistributedSystem(servers);
        await system.StartedAsync();
        var client = system.Client(0);
        var id = (await client.CallAsync("generate_image_and_wait", new { prompt = "before" })).Text("job_id");

        await servers.Postgres.StopAsync();
        ToolOutcome[] answers =
        [
            await client.CallAsync("generate_image", new { prompt = "meanwhile" }),
            await client.CallAsync("get_job_status", new { job_id = id }),
            await client.CallAsync("wait_for_completion", new { job_id = id }),
            await client.CallAsync("list_jobs", new { }),
            await client.CallAsync("list_generations", new { }),
        ];
        await servers.Postgres.StartAsync();

        Assert.All(answers, answer => Assert.Equal("database_unavailable", answer.Text("error_code")));
        await Until.HoldsAsync(() => client.CallAsync("list_jobs", new { }), answer => answer.Success, "the tools answer again");
    }

    [Fact]
    public async Task A_form_keeps_what_was_typed_while_Postgres_is_down_and_starts_it_once()
    {
        const string Generate = "/gallery/generate";
        await using var system = new DistributedSystem(servers);
        await system.StartedAsync();
        using var browser = await SignedInClient.OfAsync(system.Apis[0].Http.BaseAddress!, DistributedSystem.Token);
        var form = (await browser.OpenAsync(Generate)).HiddenFields(Generate);

        await servers.Postgres.StopAsync();
        var away = await browser.PostAsync(Generate, form, ("prompt", "long thought about"));
        await servers.Postgres.StartAsync();
        var gallery = await Until.HoldsAsync(
            () => browser.PostAsync(Generate, away.HiddenFields(Generate), ("prompt", "long thought about")), page => page.Path == "/gallery", "it is taken");

        Assert.Contains("The job database is not available.", away.Html, StringComparison.Ordinal);
        Assert.Contains(">long thought about</textarea>", away.Html, StringComparison.Ordinal);
        Assert.Equal(1, (await system.Client(1).CallAsync("list_jobs", new { })).Number("total_count"));
        Assert.Contains("long thought about", gallery.Html, StringComparison.Ordinal);
    }
}
