using McpImageGen.Tests.Testing;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace McpImageGen.Tests.Pages.Browser;

/// <summary>The owner's images as they come, and how to find one among many.</summary>
[Slow]
public sealed class GalleryTests(Chromium chromium, SharedStandalone owners) : BrowserTests(chromium, owners)
{
    [Fact]
    public async Task New_image_appears_in_the_gallery_without_a_reload()
    {
        var visitor = await SignedInAsync();
        await Expect(visitor.Page.Locator("#empty")).ToBeVisibleAsync();

        var job = await visitor.FinishAsync("a lighthouse");

        await ShowsImageAsync(visitor.Card(job));
        await Expect(visitor.Card(job)).ToContainTextAsync("a lighthouse");
        await Expect(visitor.Page.Locator("#empty")).ToHaveCountAsync(0);
        await Expect(visitor.Page.Locator("#cards > li")).ToHaveCountAsync(1);
    }

    [Fact]
    public async Task Placeholder_of_an_unfinished_job_shows_its_current_status()
    {
        var visitor = await SignedInAsync();

        var job = (await visitor.AskForAsync("a patient painter [latency:10m]"))[0];
        await Expect(visitor.Card(job).Locator(".placeholder")).ToContainTextAsync("processing");

        await visitor.Client.CallAsync("cancel_job", new { job_id = job });

        await Expect(visitor.Card(job).Locator(".placeholder")).ToContainTextAsync("cancelled");
    }

    [Fact]
    public async Task Images_appear_even_if_the_shared_worker_script_cannot_be_loaded()
    {
        var visitor = await NewVisitorAsync();
        visitor.Expect(404);
        await visitor.Page.AddInitScriptAsync("const Shared = SharedWorker; window.SharedWorker = function () { return new Shared('/no-such-script.js'); };");
        await visitor.SignInAsync();

        var job = (await visitor.AskForAsync("a kite"))[0];

        await Expect(visitor.Card(job).Locator("img")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Card_of_a_failed_job_shows_the_reason()
    {
        var visitor = await SignedInAsync();

        var job = await visitor.FinishAsync("something rude [fault:prompt-rejected]");

        await Expect(visitor.Card(job).Locator(".placeholder.failed")).ToContainTextAsync("refused the prompt as unsafe");
    }

    [Fact]
    public async Task Gallery_pages_together_show_each_image_once()
    {
        var visitor = await SignedInAsync();
        var asked = new List<string>();
        while (asked.Count < 60)
            asked.AddRange(await visitor.AskForAsync("one of many [fault:prompt-rejected]", 20));
        await visitor.Client.CallAsync("wait_for_completion", new { job_ids = asked.TakeLast(20) });

        await visitor.OpenAsync("/gallery");
        var seen = new List<string>(await CardsAsync(visitor));
        await visitor.Page.Locator("a.more").ClickAsync();
        await Expect(visitor.Page.Locator("a.more")).ToHaveCountAsync(0);
        seen.AddRange(await CardsAsync(visitor));

        Assert.Equal(asked.Order(StringComparer.Ordinal), seen.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Gallery_filter_form_filters_by_search_text_status_and_model()
    {
        var visitor = await SignedInAsync();
        var cat = await visitor.FinishAsync("a cat on a roof");
        var dog = await visitor.FinishAsync("a dog in a boat");
        var rude = await visitor.FinishAsync("a cat [fault:prompt-rejected]");
        await visitor.OpenAsync("/gallery");

        await visitor.Page.GetByLabel("Search").FillAsync("cat");
        await visitor.PressAsync("Show");
        await Expect(visitor.Card(dog)).ToHaveCountAsync(0);
        Assert.Equal([rude, cat], await CardsAsync(visitor));

        await visitor.Page.GetByLabel("Status").SelectOptionAsync("completed");
        await visitor.PressAsync("Show");
        await Expect(visitor.Card(rude)).ToHaveCountAsync(0);
        Assert.Equal([cat], await CardsAsync(visitor));

        await visitor.Page.GetByLabel("Model").SelectOptionAsync("sdxl-lightning");
        await visitor.PressAsync("Show");
        await Expect(visitor.Page.Locator("#cards > li")).ToHaveCountAsync(0);
        await Expect(visitor.Page.GetByLabel("Search")).ToHaveValueAsync("cat");
    }

    [Fact]
    public async Task Gallery_and_job_page_work_if_an_image_file_is_missing()
    {
        var visitor = await SignedInAsync();
        var lost = await visitor.FinishAsync("lost");
        var kept = await visitor.FinishAsync("kept");
        var link = (await visitor.Client.CallAsync("get_job_status", new { job_id = lost })).Text("image_url");
        var file = Path.GetFileName(new Uri(link).AbsolutePath);
        File.Delete(Assert.Single(Directory.GetFiles(Owners.Server.DataFolder, file, SearchOption.AllDirectories)));
        visitor.Expect(404);

        await visitor.OpenAsync("/gallery");
        await ShowsImageAsync(visitor.Card(kept));
        await visitor.Card(lost).GetByRole(AriaRole.Link).ClickAsync();

        await Expect(visitor.Page.GetByRole(AriaRole.Heading, new() { Name = "lost" })).ToBeVisibleAsync();
    }

    private static async Task<IReadOnlyList<string>> CardsAsync(Visitor visitor) =>
        [.. (await visitor.Page.Locator("#cards > li").EvaluateAllAsync<string[]>("cards => cards.map(card => card.id)")).Select(id => id["job-".Length..])];

    /// <summary>There is an image, and the browser could read it.</summary>
    private static async Task ShowsImageAsync(ILocator card)
    {
        await card.ScrollIntoViewIfNeededAsync();
        await Expect(card.Locator("img")).ToBeVisibleAsync();
        Assert.True(await card.Locator("img").EvaluateAsync<bool>("image => image.decode().then(() => image.naturalWidth > 0)"));
    }
}
