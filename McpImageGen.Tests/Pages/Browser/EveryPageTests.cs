using McpImageGen.Tests.Testing;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace McpImageGen.Tests.Pages.Browser;

/// <summary>
/// Every page, on a desktop and on a phone, light and dark: nothing is wider than the screen, and axe-core finds nothing. With
/// <c>SCREENSHOTS</c> set it takes a picture of each into that folder.
/// </summary>
[Slow]
public sealed class EveryPageTests(Chromium chromium, SharedStandalone owners) : BrowserTests(chromium, owners)
{
    private static readonly string? Pictures = Environment.GetEnvironmentVariable("SCREENSHOTS") is { Length: > 0 } folder ? folder : null;

    private static readonly string[] Prompts =
    [
        "A lighthouse on a cliff at dawn, long exposure, soft pastel light",
        "Misty pine forest seen from above, first snow",
        "Portrait of a red fox, oil on canvas, warm rim light",
        "Terraced rice fields after the rain, aerial view",
        "An observatory under the Milky Way, deep blue night, wide angle",
        "Watercolour of Venice in winter, quiet canals",
        "A paper boat on a stormy sea, woodcut",
        "Desert dunes at golden hour, minimal, 35 mm film",
        "Isometric cutaway of a greenhouse full of ferns",
        "Abstract pattern of folded silk, teal and copper",
    ];

    [Theory]
    [InlineData(1280, ColorScheme.Light)]
    [InlineData(1280, ColorScheme.Dark)]
    [InlineData(390, ColorScheme.Light)]
    [InlineData(390, ColorScheme.Dark)]
    public async Task Every_page_fits_the_screen_and_is_accessible(int width, ColorScheme scheme)
    {
        var visitor = await NewVisitorAsync(browser =>
        {
            browser.ViewportSize = new() { Width = width, Height = 844 };
            browser.ColorScheme = scheme;
        });
        var jobs = await MakeImagesAsync(visitor);
        var findings = new List<string>();

        await visitor.OpenAsync("/");
        await LookAsync("discovery");
        await visitor.Page.Locator("summary").First.ClickAsync();
        await LookAsync("discovery-setup");

        await visitor.OpenAsync("/gallery");
        await LookAsync("sign-in");
        await visitor.EnterAsync("not-a-token");
        await Expect(visitor.Page.GetByRole(AriaRole.Alert)).ToBeVisibleAsync();
        await LookAsync("sign-in-refused");
        await visitor.EnterAsync(visitor.Client.Token);
        await Expect(visitor.Page.Locator("#cards > li")).ToHaveCountAsync(jobs.Count);
        await LookAsync("gallery");
        await visitor.OpenAsync("/gallery?search=nothing+of+the+kind");
        await LookAsync("gallery-empty");

        await visitor.OpenAsync($"/gallery/{jobs[0]}");
        await LookAsync("job");
        await visitor.OpenAsync($"/gallery/{jobs[0]}/delete");
        await LookAsync("job-delete");
        await visitor.OpenAsync($"/gallery/{jobs[^1]}");
        await LookAsync("job-failed");
        await visitor.OpenAsync($"/gallery/{jobs[^2]}");
        await LookAsync("job-processing");
        visitor.Expect(404);
        await visitor.OpenAsync($"/gallery/{Guid.NewGuid()}");
        await LookAsync("job-unknown");

        await visitor.OpenAsync("/gallery/generate");
        await LookAsync("generate");
        await visitor.Page.Locator("form#generate").EvaluateAsync("form => form.noValidate = true");
        await visitor.PressAsync("Generate");
        await Expect(visitor.Page.GetByRole(AriaRole.Alert)).ToBeVisibleAsync();
        await LookAsync("generate-refused");
        Nothing(findings);

        async Task LookAsync(string page)
        {
            await visitor.Page.WaitForLoadStateAsync(LoadState.Load);
            await visitor.Page.EvaluateAsync(
                "Promise.all([...document.images].map(image => { image.loading = 'eager'; return image.decode().catch(() => {}); }))");
            if (Pictures is not null)
            {
                await visitor.Page.ScreenshotAsync(new()
                {
                    Path = Path.Combine(Pictures, $"{page}-{width}-{scheme.ToString().ToLowerInvariant()}.jpg"),
                    Type = ScreenshotType.Jpeg,
                    Quality = 80,
                });
            }

            findings.AddRange((await visitor.TooWideAsync()).Select(element => $"{page}: too wide: {element}"));
            findings.AddRange((await Accessibility.FindingsAsync(visitor.Page)).Select(finding => $"{page}: {finding}"));
        }
    }

    /// <summary>Images of two models, and before them one that failed and one that is never done.</summary>
    /// <returns>The ids of their jobs, the newest first.</returns>
    private static async Task<IReadOnlyList<string>> MakeImagesAsync(Visitor visitor)
    {
        var jobs = new List<string> { await visitor.FinishAsync("What the provider does not like [fault:prompt-rejected]") };
        jobs.InsertRange(0, await visitor.AskForAsync("A cathedral of ice, painted slowly [latency:10m]"));
        foreach (var (number, prompt) in Prompts.Index())
            jobs.Insert(0, await visitor.FinishAsync(prompt, number % 3 == 1 ? "sdxl-lightning" : "flux-schnell"));
        return jobs;
    }
}
