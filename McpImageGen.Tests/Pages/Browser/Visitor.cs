using McpImageGen.Tests.Testing;
using Microsoft.Playwright;

namespace McpImageGen.Tests.Pages.Browser;

/// <summary>
/// A person with a token and a browser. Whatever a person would see as an error in the browser's console is a problem: of a script, of the
/// Content-Security-Policy, a request to anywhere else, an answer that says no.
/// </summary>
public sealed class Visitor
{
    /// <summary>Chromium ends requests when a network of this machine comes or goes, as those of other tests' containers do.</summary>
    private const string NetworkChanged = "net::ERR_NETWORK_CHANGED";

    private readonly List<string> _problems = [];
    private readonly HashSet<int> _expected = [];
    private int _networkChanges;

    private Visitor(IPage page, FetchClient client)
    {
        Page = page;
        Client = client;
        var host = client.Http.BaseAddress!.Authority;
        page.Console += (_, message) => Add(
            message.Type is "error" or "warning" && !IsExpected(message.Text) && !message.Text.Contains(NetworkChanged, StringComparison.Ordinal),
            $"{message.Type}: {message.Text}");
        page.PageError += (_, error) => Add(true, $"script: {error}");
        page.Request += (_, request) => Add(new Uri(request.Url).Authority != host, $"request to elsewhere: {request.Url}");
        page.RequestFailed += (_, request) =>
        {
            if (request.Failure is NetworkChanged)
                Interlocked.Increment(ref _networkChanges);
            else
                Add(request.Failure is not "net::ERR_ABORTED", $"{request.Failure}: {request.Url}");
        };
        page.Response += (_, response) => Add(
            response.Status >= 400 && !_expected.Contains(response.Status), $"{response.Status}: {response.Request.Method} {response.Url}");
    }

    public IPage Page { get; }

    /// <summary>The MCP client of the same person.</summary>
    public FetchClient Client { get; }

    /// <summary>What the browser complained about so far.</summary>
    public IReadOnlyList<string> Problems
    {
        get
        {
            lock (_problems)
                return [.. _problems];
        }
    }

    public static async Task<Visitor> ComeAsync(IBrowserContext browser, FetchClient client) => new(await browser.NewPageAsync(), client);

    /// <summary>Says that an answer with this status is none of the problems.</summary>
    public void Expect(int status) => _expected.Add(status);

    public Task OpenAsync(string path) => Page.GotoAsync(path);

    /// <summary>Signs in, and sees the gallery.</summary>
    public async Task SignInAsync()
    {
        await OpenAsync("/gallery");
        await EnterAsync(Client.Token);
        await Assertions.Expect(Page.GetByRole(AriaRole.Heading, new() { Name = "Gallery", Exact = true })).ToBeVisibleAsync();
    }

    /// <summary>Types a token into the page that asks for one.</summary>
    public async Task EnterAsync(string token)
    {
        await Page.GetByLabel("Your token").FillAsync(token);
        await PressAsync("Sign in");
    }

    public Task PressAsync(string button) => Page.GetByRole(AriaRole.Button, new() { Name = button, Exact = true }).ClickAsync();

    public Task FollowAsync(string link) => ClickAsync(Page.GetByRole(AriaRole.Link, new() { Name = link, Exact = true }));

    /// <summary>Clicks on something, and says what the page shows if it does not appear.</summary>
    public async Task ClickAsync(ILocator target)
    {
        try
        {
            await target.ClickAsync();
        }
        catch (TimeoutException exception)
        {
            var requests = _networkChanges == 0 ? "" : $" The network changed during {_networkChanges} requests.";
            throw new TimeoutException(
                $"{target} did not appear at {Page.Url}.{requests} Problems: [{string.Join("; ", Problems)}]. The page says: {await Page.InnerTextAsync("body")}", exception);
        }
    }

    /// <summary>The card of a job in the gallery.</summary>
    public ILocator Card(string job) => Page.Locator($"#job-{job}");

    /// <summary>The address of a job's page.</summary>
    public string UrlOf(string job) => new Uri(Client.Http.BaseAddress!, $"/gallery/{job}").AbsoluteUri;

    /// <summary>What on the page is wider than the screen, so that it would have to be scrolled sideways.</summary>
    public Task<string[]> TooWideAsync() => Page.EvaluateAsync<string[]>(
        """
        document.documentElement.scrollWidth <= innerWidth
            ? []
            : ['the page', ...[...document.querySelectorAll('body *')].filter(element => element.getBoundingClientRect().right > innerWidth + 1)
                .map(element => element.outerHTML.slice(0, 200))]
        """);

    /// <summary>Asks for images through MCP.</summary>
    /// <returns>The ids of the jobs, all still to be done.</returns>
    public async Task<IReadOnlyList<string>> AskForAsync(string prompt, int count = 1, string model = "flux-schnell")
    {
        var asked = await Client.CallAsync("generate_image", new { prompt, count, model });
        Assert.True(asked.Success, asked.Raw);
        return count == 1 ? [asked.Text("job_id")] : [.. asked.List("job_ids").Select(id => id.GetString()!)];
    }

    /// <summary>Asks for an image through MCP and waits until its job is done, well or not.</summary>
    /// <returns>The id of the job.</returns>
    public async Task<string> FinishAsync(string prompt, string model = "flux-schnell")
    {
        var ids = await AskForAsync(prompt, 1, model);
        await Client.CallAsync("wait_for_completion", new { job_ids = ids });
        return ids[0];
    }

    private bool IsExpected(string message) =>
        _expected.Any(status => message.StartsWith($"Failed to load resource: the server responded with a status of {status} ", StringComparison.Ordinal));

    private void Add(bool isProblem, string problem)
    {
        lock (_problems)
        {
            if (isProblem)
                _problems.Add(problem);
        }
    }
}
