using McpImageGen.Tests.Testing;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace McpImageGen.Tests.Pages.Browser;

/// <summary>How a person gets into the gallery, and out of it.</summary>
[Slow]
public sealed class SignInTests(Chromium chromium, SharedStandalone owners) : BrowserTests(chromium, owners)
{
    [Fact]
    public async Task Entering_the_token_opens_the_originally_requested_page()
    {
        var visitor = await NewVisitorAsync();
        await visitor.OpenAsync("/gallery?status=failed");
        await Expect(visitor.Page.GetByLabel("Your token")).ToBeFocusedAsync();

        await visitor.EnterAsync(visitor.Client.Token);

        await Expect(visitor.Page.GetByRole(AriaRole.Heading, new() { Name = "Gallery", Exact = true })).ToBeVisibleAsync();
        await Expect(visitor.Page.GetByLabel("Status")).ToHaveValueAsync("failed");
        var cookie = Assert.Single(await visitor.Page.Context.CookiesAsync(), cookie => !cookie.Name.EndsWith(".form", StringComparison.Ordinal));
        Assert.True(cookie.HttpOnly);
        Assert.Equal(SameSiteAttribute.Lax, cookie.SameSite);
    }

    [Fact]
    public async Task Invalid_token_shows_an_error_and_can_be_corrected()
    {
        var visitor = await NewVisitorAsync();
        await visitor.OpenAsync("/gallery");

        await visitor.EnterAsync("not-a-token");

        await Expect(visitor.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("not valid for this server");
        await Expect(visitor.Page.GetByLabel("Your token")).ToHaveValueAsync("");
        await visitor.EnterAsync(visitor.Client.Token);
        await Expect(visitor.Page.GetByRole(AriaRole.Heading, new() { Name = "Gallery", Exact = true })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Sign_in_is_required_after_sign_out_even_with_the_back_button()
    {
        var visitor = await SignedInAsync();
        await visitor.FinishAsync("what only its owner sees");
        await visitor.OpenAsync("/gallery");

        await visitor.PressAsync("Sign out");

        await Expect(visitor.Page.GetByLabel("Your token")).ToBeVisibleAsync();
        await visitor.Page.GoBackAsync();
        await Expect(visitor.Page.GetByLabel("Your token")).ToBeVisibleAsync();
        await visitor.OpenAsync("/gallery");
        await Expect(visitor.Page.GetByLabel("Your token")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Browser_shows_only_images_of_the_signed_in_owner()
    {
        var ann = await SignedInAsync();
        var ben = await SignedInAsync();
        var anns = await ann.FinishAsync("ann's garden");
        var bens = await ben.FinishAsync("ben's garden");

        await Expect(ann.Card(anns).Locator("img")).ToBeVisibleAsync();
        await Expect(ben.Card(bens).Locator("img")).ToBeVisibleAsync();
        await Expect(ben.Page.Locator("#cards > li")).ToHaveCountAsync(1);
        await ben.OpenAsync("/gallery?search=ann");
        await Expect(ben.Page.Locator("#cards > li")).ToHaveCountAsync(0);
        ben.Expect(404);
        foreach (var path in new[] { $"/gallery/{anns}", $"/gallery/{Guid.NewGuid()}" })
        {
            await ben.OpenAsync(path);
            await Expect(ben.Page.GetByRole(AriaRole.Heading)).ToHaveTextAsync("Image not found");
        }
    }
}
