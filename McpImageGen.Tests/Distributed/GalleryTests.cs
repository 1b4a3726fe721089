using System.Net;
using McpImageGen.Tests.Containers;
using McpImageGen.Tests.Pages;
using McpImageGen.Tests.Testing;

namespace McpImageGen.Tests.Distributed;

/// <summary>The gallery of several APIs, which a person takes for one.</summary>
[Collection<Outages>]
[Slow]
public sealed class GalleryTests(Servers servers)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task APIs_share_sign_ins_and_the_gallery_reports_an_unavailable_database()
    {
        await using var system = new DistributedSystem(servers);
        await system.StartedAsync(apis: 2, workers: 1);
        using var here = await PlainBrowser.SignedInAsync(system.Apis[0].Http.BaseAddress!, DistributedSystem.Token);
        using var there = new PlainBrowser(system.Apis[1].Http.BaseAddress!);
        there.Cookies.Add(here.Cookies.GetAllCookies());

        // What one API is asked for, the other shows.
        await using var events = there.EventsAsync().GetAsyncEnumerator(Cancel);
        Assert.True(await events.MoveNextAsync());
        var id = (await system.Client(0).CallAsync("generate_image_and_wait", new { prompt = "here and there" })).Text("job_id");
        while (events.Current is not { EventType: "finished", Data: var finished } || finished != id)
            Assert.True(await events.MoveNextAsync());

        await servers.Postgres.StopAsync();
        using var away = await there.GetAsync("/gallery");
        var said = await away.Content.ReadAsStringAsync(Cancel);
        await servers.Postgres.StartAsync();

        Assert.Equal(HttpStatusCode.ServiceUnavailable, away.StatusCode);
        Assert.NotNull(away.Headers.RetryAfter);
        Assert.Contains("The database is not available.", said, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", said, StringComparison.Ordinal);
        var page = await Until.HoldsAsync(() => StatusOfAsync(there), status => status != HttpStatusCode.ServiceUnavailable, "the gallery is back");
        Assert.Equal(HttpStatusCode.OK, page);
        while (events.Current.EventType != "alive")
            Assert.True(await events.MoveNextAsync());

        // A sign-out at one API is one at the other, also for a copy of the cookie.
        (await here.SignOutAsync()).Dispose();
        Assert.Equal(HttpStatusCode.Redirect, await StatusOfAsync(there));
    }

    private static async Task<HttpStatusCode> StatusOfAsync(PlainBrowser browser)
    {
        using var response = await browser.GetAsync("/gallery");
        return response.StatusCode;
    }
}
