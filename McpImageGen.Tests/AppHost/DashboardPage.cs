using McpImageGen.Tests.Pages.Browser;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace McpImageGen.Tests.AppHost;

/// <summary>The dashboard as a person sees it who has followed the link that the AppHost prints.</summary>
internal sealed class DashboardPage : IAsyncDisposable
{
    private readonly IPage _page;

    private DashboardPage(IPage page) => _page = page;

    public IPage Page => _page;

    /// <summary>One for each process and container, and each connection.</summary>
    public ILocator Rows => _page.Locator("tr.resource-row");

    /// <summary>What says how many errors a resource has logged.</summary>
    public ILocator RedBadges => _page.Locator(".unread-logs-errors-link");

    /// <summary>Signs in and returns when all resources are shown.</summary>
    public static async Task<DashboardPage> OpenAsync(Chromium chromium, RunningAppHost host)
    {
        var browser = await chromium.NewContextAsync(new() { ViewportSize = new() { Width = 1280, Height = 844 } });
        var dashboard = new DashboardPage(await browser.NewPageAsync());
        await dashboard._page.GotoAsync(host.Dashboard.Login.AbsoluteUri);
        await Expect(dashboard.Rows).ToHaveCountAsync(host.Instances.Count(IsShown));
        return dashboard;
    }

    /// <summary>The first row of a resource.</summary>
    public ILocator RowOf(string resource) => Rows.Filter(new() { HasText = resource }).First;

    /// <summary>Chooses a command in the menu of a resource.</summary>
    public async Task ChooseAsync(string resource, string command)
    {
        await RowOf(resource).GetByRole(AriaRole.Button, new() { Name = "Actions" }).ClickAsync();
        await _page.GetByRole(AriaRole.Menuitem, new() { Name = command, Exact = true }).ClickAsync();
    }

    /// <summary>Presses the button of the dialog that asks for a command's arguments.</summary>
    public Task ConfirmAsync(string button) => _page.Locator("fluent-dialog fluent-button", new() { HasText = button }).ClickAsync();

    public Task TakePictureAsync(string path) => _page.ScreenshotAsync(new() { Path = path, Type = ScreenshotType.Jpeg, Quality = 80 });

    public async ValueTask DisposeAsync() => await _page.Context.CloseAsync();

    private static bool IsShown(Aspire.Hosting.ApplicationModel.ResourceEvent instance) =>
        !instance.Snapshot.IsHidden && instance.Snapshot.ResourceType != "Parameter";
}
