using McpImageGen.Tests.Testing;
using Microsoft.Playwright;

namespace McpImageGen.Tests.Pages.Browser;

/// <summary>What every test in the browser does: it lets visitors in, and in the end none of them may have had a problem.</summary>
[Collection<InBrowser>]
public abstract class BrowserTests(Chromium chromium, SharedStandalone owners) : IAsyncLifetime
{
    private readonly List<Visitor> _visitors = [];

    protected SharedStandalone Owners => owners;

    /// <summary>Lets somebody in who has never been here.</summary>
    /// <param name="change">What is special about their browser.</param>
    protected async Task<Visitor> NewVisitorAsync(Action<BrowserNewContextOptions>? change = null)
    {
        var options = new BrowserNewContextOptions { BaseURL = owners.Server.Http.BaseAddress!.AbsoluteUri };
        change?.Invoke(options);
        var visitor = await Visitor.ComeAsync(await chromium.NewContextAsync(options), owners.NewOwner());
        _visitors.Add(visitor);
        return visitor;
    }

    /// <summary>Lets somebody in and lets them sign in.</summary>
    /// <param name="change">What is special about their browser.</param>
    protected async Task<Visitor> SignedInAsync(Action<BrowserNewContextOptions>? change = null)
    {
        var visitor = await NewVisitorAsync(change);
        await visitor.SignInAsync();
        return visitor;
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        foreach (var visitor in _visitors)
            await visitor.Page.Context.CloseAsync();
        Nothing(_visitors.SelectMany(visitor => visitor.Problems));
    }

    /// <summary>Nothing was found, else the test fails and tells all of it.</summary>
    protected static void Nothing(IEnumerable<string> found)
    {
        var all = string.Join('\n', found);
        Assert.True(all.Length == 0, all);
    }
}
