using McpImageGen.Tests.Pages.Browser;
using McpImageGen.Tests.Testing;
using static Microsoft.Playwright.Assertions;

namespace McpImageGen.Tests.AppHost;

/// <summary>What a start finds that is not the first. With <c>SCREENSHOTS</c> set, a picture of the dashboard is put into that folder.</summary>
[Collection<WithAppHost>]
[Slow]
public sealed class RestartTests(RestartedAppHost restarted, Chromium chromium) : IClassFixture<RestartedAppHost>
{
    [Fact]
    public async Task Images_and_jobs_are_kept_after_a_restart()
    {
        var host = await restarted.RestartedAsync();

        Assert.Equal(restarted.Images, await RestartedAppHost.ImagesAsync(host.Client, restarted.Jobs.Take(restarted.Images.Count)));
        var failed = await host.Client.CallAsync("get_job_status", new { job_id = restarted.Jobs[^1] });
        Assert.Equal("failed", failed.Text("status"));
    }

    [Fact]
    public async Task Dashboard_shows_no_red_badge_after_a_restart()
    {
        var host = await restarted.RestartedAsync();
        await host.Dashboard.CaughtUpAsync(host.Client);

        await using var dashboard = await DashboardPage.OpenAsync(chromium, host);

        Assert.Empty(await host.Dashboard.ErrorsAsync());
        await Expect(dashboard.RedBadges).ToHaveCountAsync(0);
        if (Environment.GetEnvironmentVariable("SCREENSHOTS") is { Length: > 0 } folder)
            await dashboard.TakePictureAsync(Path.Combine(folder, "dashboard-1280-light.jpg"));
    }
}
