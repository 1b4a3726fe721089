using McpImageGen.Tests.Testing;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace McpImageGen.Tests.Pages.Browser;

/// <summary>Everything can be reached and done with the keyboard alone, and is seen to be reached.</summary>
[Slow]
public sealed class KeyboardTests(Chromium chromium, SharedStandalone owners) : BrowserTests(chromium, owners)
{
    /// <summary>Numbers what the keyboard should reach, and gives how many they are.</summary>
    private const string NumberAll = """
        [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex="0"]')]
            .filter(element => !element.disabled && element.checkVisibility({ visibilityProperty: true }))
            .map((element, number) => element.dataset.number = number).length
        """;

    /// <summary>Which of them has the focus, and whether that is seen; -1 for none.</summary>
    private const string Focused = """
        (() => {
            const element = document.activeElement;
            const style = getComputedStyle(element);
            const isSeen = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 1 && element.getBoundingClientRect().left >= 0;
            return { number: Number(element.dataset.number ?? -1), isSeen, html: element.outerHTML.slice(0, 200) };
        })()
        """;

    [Theory]
    [InlineData("/")]
    [InlineData("/gallery")]
    [InlineData("/gallery/JOB")]
    [InlineData("/gallery/JOB/delete")]
    [InlineData("/gallery/generate")]
    public async Task Tab_key_reaches_every_control_with_a_visible_focus(string path)
    {
        var visitor = await SignedInAsync();
        var job = await visitor.FinishAsync("a keyboard, in oil");
        await visitor.OpenAsync(path.Replace("JOB", job, StringComparison.Ordinal));
        var count = await visitor.Page.EvaluateAsync<int>(NumberAll);

        var reached = new List<int>();
        for (var i = 0; i < count; i++)
        {
            await visitor.Page.Keyboard.PressAsync("Tab");
            var focus = await visitor.Page.EvaluateAsync<Focus>(Focused);
            Assert.True(focus.IsSeen, $"The focus is not seen: {focus.Html}");
            reached.Add(focus.Number);
        }

        Assert.Equal(Enumerable.Range(0, count), reached);
    }

    [Fact]
    public async Task First_tab_stop_skips_to_the_content()
    {
        var visitor = await NewVisitorAsync();
        await visitor.OpenAsync("/");

        await visitor.Page.Keyboard.PressAsync("Tab");
        await Expect(visitor.Page.GetByRole(AriaRole.Link, new() { Name = "Skip to content" })).ToBeFocusedAsync();
        await visitor.Page.Keyboard.PressAsync("Enter");
        await visitor.Page.Keyboard.PressAsync("Tab");

        Assert.True(await visitor.Page.EvaluateAsync<bool>("document.querySelector('main').contains(document.activeElement)"));
    }

    [Fact]
    public async Task Sign_in_and_image_generation_work_with_the_keyboard_only()
    {
        var visitor = await NewVisitorAsync();
        await visitor.OpenAsync("/gallery/generate");
        // Chromium may give the focus only after the page has loaded.
        await Expect(visitor.Page.GetByLabel("Your token")).ToBeFocusedAsync();
        await visitor.Page.Keyboard.TypeAsync(visitor.Client.Token);
        await visitor.Page.Keyboard.PressAsync("Enter");

        await visitor.Page.GetByLabel("Prompt", new() { Exact = true }).FocusAsync();
        await visitor.Page.Keyboard.TypeAsync("a typewriter");
        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Generate" }).FocusAsync();
        await visitor.Page.Keyboard.PressAsync("Enter");

        await Expect(visitor.Page.Locator("#cards > li img")).ToHaveAttributeAsync("alt", "a typewriter");
    }

    private sealed record Focus
    {
        public int Number { get; init; }

        public bool IsSeen { get; init; }

        public string Html { get; init; } = "";
    }
}
