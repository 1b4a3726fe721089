using System.Net;
using System.Net.ServerSentEvents;

namespace McpImageGen.Tests.Pages;

/// <summary>A browser that keeps cookies, runs no script, and shows redirects instead of following them.</summary>
public sealed class PlainBrowser : IDisposable
{
    public const string SignIn = "/gallery/sign-in";
    public const string SignOut = "/gallery/sign-out";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly HttpClient _http;

    public PlainBrowser(Uri server) => _http = new HttpClient(new SocketsHttpHandler { CookieContainer = Cookies, AllowAutoRedirect = false }) { BaseAddress = server };

    public CookieContainer Cookies { get; } = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>A browser in which the owner of the token has signed in.</summary>
    public static async Task<PlainBrowser> SignedInAsync(Uri server, string token)
    {
        var browser = new PlainBrowser(server);
        using var response = await browser.SignInAsync(token);
        Assert.Equal("/gallery", response.Headers.Location?.ToString());
        return browser;
    }

    public Task<HttpResponseMessage> GetAsync(string address) => _http.GetAsync(address, Cancel);

    /// <summary>Gets the headers; the content may go on for long.</summary>
    public Task<HttpResponseMessage> OpenAsync(string address) => _http.GetAsync(address, HttpCompletionOption.ResponseHeadersRead, Cancel);

    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request) => _http.SendAsync(request, Cancel);

    public async Task<string> TextOfAsync(string address)
    {
        using var response = await GetAsync(address);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await response.Content.ReadAsStringAsync(Cancel);
    }

    /// <summary>Types a token into the sign-in page and sends it.</summary>
    public async Task<HttpResponseMessage> SignInAsync(string token, string address = SignIn) =>
        await PostAsync(SignIn, [.. FieldsOf(await TextOfAsync(address), SignIn), new("token", token)]);

    /// <summary>Presses the gallery's button for it.</summary>
    public async Task<HttpResponseMessage> SignOutAsync() => await PostAsync(SignOut, FieldsOf(await TextOfAsync("/gallery"), SignOut));

    public Task<HttpResponseMessage> PostAsync(string address, IEnumerable<KeyValuePair<string, string>> fields) =>
        _http.PostAsync(address, new FormUrlEncodedContent(fields), Cancel);

    /// <summary>The events of an open gallery, until it is closed; each comes within a minute.</summary>
    public async IAsyncEnumerable<SseItem<string>> EventsAsync(string query = "")
    {
        using var response = await _http.GetAsync("/gallery/events" + query, HttpCompletionOption.ResponseHeadersRead, Cancel);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        await using var events = SseParser.Create(await response.Content.ReadAsStreamAsync(Cancel)).EnumerateAsync(Cancel).GetAsyncEnumerator(Cancel);
        while (await events.MoveNextAsync().AsTask().WaitAsync(Limit, Cancel))
            yield return events.Current;
    }

    public void Dispose() => _http.Dispose();

    private static Dictionary<string, string> FieldsOf(string page, string address) =>
        new VisitedPage(SignIn, HttpStatusCode.OK, page).HiddenFields(address);
}
