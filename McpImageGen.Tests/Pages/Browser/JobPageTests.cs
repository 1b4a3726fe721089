using McpImageGen.Tests.Testing;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace McpImageGen.Tests.Pages.Browser;

/// <summary>The page of one image, and what can be done with it there.</summary>
[Slow]
public sealed class JobPageTests(Chromium chromium, SharedStandalone owners) : BrowserTests(chromium, owners)
{
    [Fact]
    public async Task Job_page_shows_the_large_image_and_its_details()
    {
        var visitor = await SignedInAsync();
        var job = await visitor.FinishAsync("a red kite over the downs");

        await visitor.Card(job).GetByRole(AriaRole.Link).ClickAsync();

        await Expect(visitor.Page).ToHaveURLAsync(visitor.UrlOf(job));
        Assert.True(await visitor.Page.Locator("img.large").EvaluateAsync<bool>("image => image.decode().then(() => image.naturalWidth > 0)"));
        await Expect(visitor.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("a red kite over the downs");
        foreach (var known in new[] { "completed", "flux-schnell", "Generated in", "Attempts", "neurons", job })
            await Expect(visitor.Page.Locator(".facts")).ToContainTextAsync(known);
    }

    [Fact]
    public async Task Ten_open_tabs_of_one_unfinished_job_all_show_its_image_when_completed()
    {
        var visitor = await SignedInAsync();
        var started = await visitor.Client.CallAsync("generate_image", new { prompt = "in ten tabs [latency:8s]" });
        var tabs = new List<IPage>();
        for (var i = 0; i < 10; i++)
        {
            tabs.Add(await visitor.Page.Context.NewPageAsync());
            await tabs[i].GotoAsync($"/gallery/{started.Text("job_id")}");
        }

        foreach (var tab in tabs)
            await Expect(tab.Locator("img.large")).ToBeVisibleAsync(new() { Timeout = 30_000 });
    }

    [Fact]
    public async Task Prompt_and_link_can_be_copied_and_the_image_downloaded()
    {
        var visitor = await SignedInAsync(browser => browser.Permissions = ["clipboard-read", "clipboard-write"]);
        var job = await visitor.FinishAsync("a red kite, copied");
        var link = (await visitor.Client.CallAsync("get_job_status", new { job_id = job })).Text("image_url");
        await visitor.OpenAsync($"/gallery/{job}");

        await CopyAsync(visitor, "Copy prompt");
        Assert.Equal("a red kite, copied", await ClipboardAsync(visitor));
        await CopyAsync(visitor, "Copy link");
        Assert.Equal(link, await ClipboardAsync(visitor));

        var download = await visitor.Page.RunAndWaitForDownloadAsync(() => visitor.FollowAsync("Download"));
        Assert.EndsWith(".jpg", download.SuggestedFilename, StringComparison.Ordinal);
        await using var file = await download.CreateReadStreamAsync();
        var start = new byte[3];
        await file.ReadExactlyAsync(start, TestContext.Current.CancellationToken);
        Assert.Equal([0xFF, 0xD8, 0xFF], start);
    }

    [Fact]
    public async Task Again_button_generates_another_image_that_appears_without_a_reload()
    {
        var visitor = await SignedInAsync();
        var first = await visitor.FinishAsync("a red kite, twice", model: "sdxl-lightning");
        await visitor.OpenAsync($"/gallery/{first}");

        await visitor.PressAsync("Generate again with another seed");

        await Expect(visitor.Page).Not.ToHaveURLAsync(visitor.UrlOf(first));
        await Expect(visitor.Page.Locator("img.large")).ToBeVisibleAsync();
        await Expect(visitor.Page.Locator(".facts")).ToContainTextAsync("Seed");
        await visitor.FollowAsync("Gallery");
        await Expect(visitor.Page.Locator("#cards > li img")).ToHaveCountAsync(2);
    }

    [Fact]
    public async Task Cancel_button_cancels_an_unfinished_job()
    {
        var visitor = await SignedInAsync();
        var job = (await visitor.AskForAsync("a red kite that never lands [latency:10m]"))[0];
        await visitor.OpenAsync($"/gallery/{job}");

        await visitor.PressAsync("Cancel");

        await Expect(visitor.Page.Locator(".placeholder.cancelled")).ToBeVisibleAsync();
        await Expect(visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Cancel" })).ToHaveCountAsync(0);
        Assert.Equal("cancelled", (await visitor.Client.CallAsync("get_job_status", new { job_id = job })).Text("status"));
    }

    [Fact]
    public async Task Delete_button_requires_confirmation_and_removes_the_image()
    {
        var visitor = await SignedInAsync();
        var job = await visitor.FinishAsync("a red kite, gone");
        await visitor.OpenAsync($"/gallery/{job}");

        await visitor.FollowAsync("Delete");
        await visitor.FollowAsync("Keep it");
        await Expect(visitor.Page.Locator("img.large")).ToBeVisibleAsync();
        await visitor.FollowAsync("Delete");
        await visitor.PressAsync("Delete permanently");

        await Expect(visitor.Page).ToHaveURLAsync(new Uri(Owners.Server.Http.BaseAddress!, "/gallery").AbsoluteUri);
        await Expect(visitor.Page.Locator("#cards > li")).ToHaveCountAsync(0);
        visitor.Expect(404);
        await visitor.OpenAsync($"/gallery/{job}");
        await Expect(visitor.Page.GetByRole(AriaRole.Heading)).ToHaveTextAsync("Image not found");
    }

    private static async Task CopyAsync(Visitor visitor, string what)
    {
        var button = visitor.Page.GetByRole(AriaRole.Button, new() { Name = what });
        var element = await button.ElementHandleAsync();
        await button.ClickAsync();
        await visitor.Page.WaitForFunctionAsync("button => button.textContent === 'Copied'", element);
    }

    private static Task<string> ClipboardAsync(Visitor visitor) => visitor.Page.EvaluateAsync<string>("navigator.clipboard.readText()");
}
