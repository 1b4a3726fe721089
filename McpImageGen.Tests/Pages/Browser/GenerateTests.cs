using McpImageGen.Tests.Testing;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace McpImageGen.Tests.Pages.Browser;

/// <summary>Asking for images from the page.</summary>
[Slow]
public sealed class GenerateTests(Chromium chromium, SharedStandalone owners) : BrowserTests(chromium, owners)
{
    [Fact]
    public async Task Generated_images_appear_in_the_gallery()
    {
        var visitor = await SignedInAsync();
        await visitor.FollowAsync("Generate images");
        await visitor.Page.GetByLabel("Prompt", new() { Exact = true }).FillAsync("three boats on a lake");
        await visitor.Page.GetByLabel("Number of images").FillAsync("3");

        await visitor.PressAsync("Generate");

        await Expect(visitor.Page.GetByRole(AriaRole.Heading, new() { Name = "Gallery", Exact = true })).ToBeVisibleAsync();
        await Expect(visitor.Page.Locator("#cards > li img")).ToHaveCountAsync(3);
        await Expect(visitor.Page.Locator("#cards > li")).ToHaveCountAsync(3);
    }

    [Fact]
    public async Task Parameters_of_the_selected_model_are_submitted()
    {
        var visitor = await SignedInAsync();
        await visitor.OpenAsync("/gallery/generate");
        await visitor.Page.GetByLabel("Model").SelectOptionAsync("sdxl-lightning");
        await visitor.Page.GetByLabel("Prompt", new() { Exact = true }).FillAsync("a boat, wide");
        await visitor.Page.GetByLabel("Width").FillAsync("768");
        await visitor.Page.GetByLabel("Height").FillAsync("512");
        await visitor.Page.GetByLabel("Seed").FillAsync("42");

        await visitor.PressAsync("Generate");
        await visitor.Page.Locator("#cards > li img").ClickAsync();

        await Expect(visitor.Page.Locator("img.large")).ToBeVisibleAsync();
        var size = await visitor.Page.Locator("img.large").EvaluateAsync<int[]>(
            "image => image.decode().then(() => [image.naturalWidth, image.naturalHeight])");
        Assert.Equal([768, 512], size);
        await Expect(visitor.Page.Locator(".facts")).ToContainTextAsync("42");
    }

    [Fact]
    public async Task Rejected_form_in_the_browser_keeps_its_values()
    {
        var visitor = await SignedInAsync();
        await visitor.OpenAsync("/gallery/generate");
        await visitor.Page.GetByLabel("Prompt", new() { Exact = true }).FillAsync("xy");
        await visitor.Page.GetByLabel("Number of images").FillAsync("7");
        await visitor.Page.GetByLabel("Steps").FillAsync("3");

        // Past the browser's own check.
        await visitor.Page.Locator("form#generate").EvaluateAsync("form => form.noValidate = true");

        await visitor.PressAsync("Generate");

        await Expect(visitor.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("3");
        await Expect(visitor.Page.GetByLabel("Prompt", new() { Exact = true })).ToHaveValueAsync("xy");
        await Expect(visitor.Page.GetByLabel("Number of images")).ToHaveValueAsync("7");
        await Expect(visitor.Page.GetByLabel("Steps")).ToHaveValueAsync("3");
    }
}
