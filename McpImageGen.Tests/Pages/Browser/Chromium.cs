using McpImageGen.Tests.Testing;
using Microsoft.Playwright;

namespace McpImageGen.Tests.Pages.Browser;

/// <summary>
/// One headless Chromium for all tests in the browser; <c>install.sh</c> beside this names it. It starts when a test first needs it; where
/// there is none, that test is skipped.
/// </summary>
public sealed class Chromium : IAsyncDisposable
{
    private const float MaxWait = 30_000;

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    /// <summary>A browser that remembers nothing of any other: no cookie, no page.</summary>
    public async Task<IBrowserContext> NewContextAsync(BrowserNewContextOptions options)
    {
        var executable = Requirement.Setting("TEST_BROWSER", "Tests in the browser", "McpImageGen.Tests/Pages/Browser/install.sh");
        _playwright ??= await Playwright.CreateAsync();
        _browser ??= await _playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = executable,
            ChromiumSandbox = Environment.UserName != "root",
            // Proxies of the tests are on this machine, with self-signed certificates. Playwright's IgnoreHTTPSErrors does not apply to shared workers.
            Args = ["--host-resolver-rules=MAP *.example.com 127.0.0.1", "--ignore-certificate-errors"],
        });
        var context = await _browser.NewContextAsync(options);
        context.SetDefaultTimeout(MaxWait);
        Assertions.SetDefaultExpectTimeout(MaxWait);
        return context;
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
            await _browser.DisposeAsync();
        _playwright?.Dispose();
    }
}
