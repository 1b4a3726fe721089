using McpImageGen.Tests.Testing;
using static Microsoft.Playwright.Assertions;

namespace McpImageGen.Tests.Pages.Browser;

/// <summary>Whatever a prompt is, it is shown as it is, and does nothing.</summary>
[Slow]
public sealed class PromptsAreDataTests(Chromium chromium, SharedStandalone owners) : BrowserTests(chromium, owners)
{
    private const int Phone = 390;

    public static TheoryData<string> Prompts =>
    [
        "<img src=x onerror=\"window.touched = 1\">",
        "</script></title></textarea><script>window.touched = 1</script>",
        "\"><svg onload='window.touched = 1'> {{7*7}} @Model &amp; &lt;b&gt; %3Cscript%3E",
        "javascript:window.touched=1 https://elsewhere.example/image.png",
        "قطة تجلس على السطح \u202Egnirts sdrawkcab\u202C and back",
        new string('W', 500),
        string.Concat(Enumerable.Repeat("👩‍👩‍👧‍👦🏳️‍🌈", 20)) + " Z̸̢̛͎̦͉̤a̵l̶g̷o̴",
    ];

    [Theory]
    [MemberData(nameof(Prompts))]
    public async Task Prompt_is_displayed_unchanged_and_never_executed(string prompt)
    {
        var visitor = await SignedInAsync(browser => browser.ViewportSize = new() { Width = Phone, Height = 844 });

        // Put into the open page by its script.
        var job = await visitor.FinishAsync(prompt);
        await Expect(visitor.Card(job).Locator("img")).ToHaveAttributeAsync("alt", prompt);
        await IsHarmlessAsync(visitor);

        await visitor.OpenAsync("/gallery?search=" + Uri.EscapeDataString(prompt));
        await Expect(visitor.Card(job).Locator("img")).ToHaveAttributeAsync("alt", prompt);
        await Expect(visitor.Page.GetByLabel("Search")).ToHaveValueAsync(prompt);
        await IsHarmlessAsync(visitor);

        await visitor.OpenAsync($"/gallery/{job}");
        await Expect(visitor.Page.Locator(".prompt-text")).ToHaveTextAsync(prompt);
        await Expect(visitor.Page).ToHaveTitleAsync(prompt);
        await IsHarmlessAsync(visitor);

        await visitor.OpenAsync($"/gallery/{job}/delete");
        await Expect(visitor.Page.Locator(".prompt-text")).ToHaveTextAsync(prompt);
        await IsHarmlessAsync(visitor);

        await visitor.OpenAsync($"/gallery/generate?from={job}");
        await Expect(visitor.Page.GetByLabel("Prompt", new() { Exact = true })).ToHaveValueAsync(prompt);
        await IsHarmlessAsync(visitor);
    }

    private static async Task IsHarmlessAsync(Visitor visitor)
    {
        Assert.False(await visitor.Page.EvaluateAsync<bool>("'touched' in window"));
        Nothing(await visitor.TooWideAsync());
    }
}
