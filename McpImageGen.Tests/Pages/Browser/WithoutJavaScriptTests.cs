using McpImageGen.Tests.Testing;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace McpImageGen.Tests.Pages.Browser;

/// <summary>All of it works in a browser without JavaScript too; what is new is seen on the next look.</summary>
[Slow]
public sealed class WithoutJavaScriptTests(Chromium chromium, SharedStandalone owners) : BrowserTests(chromium, owners)
{
    [Fact]
    public async Task Sign_in_generate_view_and_delete_work_without_JavaScript()
    {
        var visitor = await NewVisitorAsync(browser => browser.JavaScriptEnabled = false);
        await visitor.SignInAsync();
        await visitor.FollowAsync("Generate images");
        await visitor.Page.GetByLabel("Prompt", new() { Exact = true }).FillAsync("a quiet harbour");
        await visitor.PressAsync("Generate");
        await Expect(visitor.Page.Locator("#cards > li")).ToHaveCountAsync(1);
        var job = (await visitor.Client.CallAsync("list_jobs", new { })).List("jobs")[0].GetProperty("id").GetString()!;
        await visitor.Client.CallAsync("wait_for_completion", new { job_id = job });

        await visitor.OpenAsync("/gallery");
        await visitor.Card(job).GetByRole(AriaRole.Link).ClickAsync();
        await Expect(visitor.Page.Locator("img.large")).ToBeVisibleAsync();
        await Expect(visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Copy" })).ToHaveCountAsync(0);
        await visitor.FollowAsync("Delete");
        await visitor.PressAsync("Delete permanently");
        await Expect(visitor.Page.Locator("#cards > li")).ToHaveCountAsync(0);

        await visitor.PressAsync("Sign out");
        await Expect(visitor.Page.GetByLabel("Your token")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Discovery_page_shows_connection_setup_without_JavaScript()
    {
        var visitor = await NewVisitorAsync(browser => browser.JavaScriptEnabled = false);
        await visitor.OpenAsync("/");

        await visitor.Page.GetByText("Claude Code", new() { Exact = true }).ClickAsync();

        await Expect(visitor.Page.GetByText("claude mcp add")).ToBeVisibleAsync();
        await Expect(visitor.Page.GetByRole(AriaRole.Button)).ToHaveCountAsync(0);
    }
}
