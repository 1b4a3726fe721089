using McpImageGen.Tests.Containers;
using McpImageGen.Tests.Pages;
using McpImageGen.Tests.Testing;

namespace McpImageGen.Tests.Distributed;

/// <summary>What callers are told while a server is away.</summary>
[Collection<Outages>]
[Slow]
public sealed class ServerOutageTests(Servers servers, DistributedSystem system) : IClassFixture<DistributedSystem>, IAsyncLifetime
{
    /// <summary>All tests share the services, so each waits until they are healthy after the test before it.</summary>
    public async ValueTask InitializeAsync()
    {
        await system.StartedAsync(apis: 2, workers: 1);
        await Task.WhenAll(system.Services.Select(service => service.UntilAsync("healthy")));
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task Tools_return_database_unavailable_while_Postgres_is_down()
    {
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
    public async Task Form_keeps_its_values_while_Postgres_is_down_and_submits_once()
    {
        const string Generate = "/gallery/generate";
        var before = (await system.Client(1).CallAsync("list_jobs", new { })).Number("total_count");
        using var browser = await SignedInClient.OfAsync(system.Apis[0].Http.BaseAddress!, DistributedSystem.Token);
        var form = (await browser.OpenAsync(Generate)).HiddenFields(Generate);

        await servers.Postgres.StopAsync();
        var away = await browser.PostAsync(Generate, form, ("prompt", "long thought about"));
        await servers.Postgres.StartAsync();
        var gallery = await Until.HoldsAsync(
            () => browser.PostAsync(Generate, away.HiddenFields(Generate), ("prompt", "long thought about")), page => page.Path == "/gallery", "it is taken");

        Assert.Contains("The job database is not available.", away.Html, StringComparison.Ordinal);
        Assert.Contains(">long thought about</textarea>", away.Html, StringComparison.Ordinal);
        Assert.Equal(before + 1, (await system.Client(1).CallAsync("list_jobs", new { })).Number("total_count"));
        Assert.Contains("long thought about", gallery.Html, StringComparison.Ordinal);
    }
}
