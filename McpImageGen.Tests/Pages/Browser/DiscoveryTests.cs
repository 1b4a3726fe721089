using McpImageGen.Tests.Testing;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace McpImageGen.Tests.Pages.Browser;

/// <summary>The page that whoever opens the server sees.</summary>
[Slow]
public sealed class DiscoveryTests(Chromium chromium, SharedStandalone owners) : BrowserTests(chromium, owners)
{
    [Fact]
    public async Task Copy_button_copies_the_setup_for_this_server_to_the_clipboard()
    {
        var visitor = await NewVisitorAsync(browser => browser.Permissions = ["clipboard-read", "clipboard-write"]);
        await visitor.OpenAsync("/");
        var setup = visitor.Page.Locator("details", new() { Has = visitor.Page.GetByText("Claude Code", new() { Exact = true }) });
        await setup.Locator("summary").ClickAsync();

        await setup.GetByRole(AriaRole.Button).ClickAsync();

        await Expect(setup.GetByRole(AriaRole.Button)).ToHaveTextAsync("Copied");
        var copied = await visitor.Page.EvaluateAsync<string>("navigator.clipboard.readText()");
        Assert.StartsWith($"claude mcp add --transport http image-generator {Owners.Server.Mcp} --header", copied, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Status_on_the_discovery_page_updates_automatically()
    {
        var visitor = await NewVisitorAsync();
        await visitor.OpenAsync("/");
        var made = visitor.Page.Locator(".figures div", new() { HasText = "Images generated" }).Locator("dd");
        var before = await made.InnerTextAsync();

        await visitor.FinishAsync("one more");

        await Expect(made).Not.ToHaveTextAsync(before);
    }

    [Fact]
    public async Task Discovery_page_shows_no_data_of_owners()
    {
        var visitor = await NewVisitorAsync();
        var job = await visitor.FinishAsync("a secret plan");

        await visitor.OpenAsync("/");

        var page = await visitor.Page.ContentAsync();
        foreach (var secret in new[] { "secret plan", job, visitor.Client.Token, "owner-" })
            Assert.DoesNotContain(secret, page, StringComparison.Ordinal);
    }
}
