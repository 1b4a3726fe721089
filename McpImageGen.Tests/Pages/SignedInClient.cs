using System.Net;
using McpImageGen.Tests.Testing;

namespace McpImageGen.Tests.Pages;

/// <summary>A browser without JavaScript in which somebody has signed in: it keeps cookies, follows redirects, and sends the forms of pages.</summary>
public sealed class SignedInClient : IDisposable
{
    private readonly HttpClient _http;

    private SignedInClient(Uri server) =>
        _http = new HttpClient(new SocketsHttpHandler { CookieContainer = new CookieContainer() }) { BaseAddress = server };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static async Task<SignedInClient> OfAsync(Uri server, string token)
    {
        var client = new SignedInClient(server);
        var gallery = await client.SendFormAsync("/gallery/sign-in", "/gallery/sign-in", ("token", token));
        Assert.Equal("/gallery", gallery.Path);
        return client;
    }

    public static Task<SignedInClient> OfAsync(RunningStandalone server) => OfAsync(server.Http.BaseAddress!, server.Token);

    public async Task<VisitedPage> OpenAsync(string path) => await ReadAsync(await _http.GetAsync(path, Cancel));

    /// <summary>Opens a page and sends its form to that address, with what it holds by itself and what is typed.</summary>
    public async Task<VisitedPage> SendFormAsync(string page, string address, params (string Name, string Value)[] typed) =>
        await PostAsync(address, (await OpenAsync(page)).HiddenFields(address), typed);

    /// <summary>Sends a form; what is typed replaces what it holds.</summary>
    public async Task<VisitedPage> PostAsync(string address, IEnumerable<KeyValuePair<string, string>> fields, params (string Name, string Value)[] typed)
    {
        var all = fields.ToDictionary();
        foreach (var (name, value) in typed)
            all[name] = value;
        return await ReadAsync(await _http.PostAsync(address, new FormUrlEncodedContent(all), Cancel));
    }

    public void Dispose() => _http.Dispose();

    private static async Task<VisitedPage> ReadAsync(HttpResponseMessage response)
    {
        using (response)
            return new VisitedPage(response.RequestMessage!.RequestUri!.AbsolutePath, response.StatusCode, await response.Content.ReadAsStringAsync(Cancel));
    }
}
