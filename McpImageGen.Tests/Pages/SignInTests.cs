using System.Net;
using McpImageGen.Tests.Auth;
using McpImageGen.Tests.Testing;
using McpImageGen.Tests.WorkersAi;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace McpImageGen.Tests.Pages;

/// <summary>Who gets into the gallery, for how long, and how others are kept out.</summary>
[Slow]
public sealed class SignInTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Sign_in_redirects_to_the_originally_requested_page()
    {
        await using var server = await RunningStandalone.StartAsync();
        using var browser = new PlainBrowser(server.Http.BaseAddress!);

        using var asked = await browser.GetAsync("/gallery?status=failed");
        using var signedIn = await browser.SignInAsync(server.Token, asked.Headers.Location!.ToString());

        Assert.Equal(HttpStatusCode.Redirect, asked.StatusCode);
        Assert.Equal("/gallery/sign-in?to=%2Fgallery%3Fstatus%3Dfailed", asked.Headers.Location!.ToString());
        Assert.Equal("/gallery?status=failed", signedIn.Headers.Location?.ToString());
        Assert.Contains("<h1>Gallery</h1>", await browser.TextOfAsync("/gallery?status=failed"), StringComparison.Ordinal);
        using var again = await browser.GetAsync(PlainBrowser.SignIn);
        Assert.Equal("/gallery", again.Headers.Location?.ToString());
    }

    [Fact]
    public async Task Event_stream_without_sign_in_returns_401_without_a_redirect()
    {
        await using var server = await RunningStandalone.StartAsync();
        using var browser = new PlainBrowser(server.Http.BaseAddress!);

        using var events = await browser.GetAsync("/gallery/events");

        Assert.Equal(HttpStatusCode.Unauthorized, events.StatusCode);
    }

    [Fact]
    public async Task Sign_in_cookie_is_HttpOnly_and_SameSite_Lax_and_does_not_contain_the_token()
    {
        await using var server = await RunningStandalone.StartAsync();
        using var browser = new PlainBrowser(server.Http.BaseAddress!);

        using var signedIn = await browser.SignInAsync(server.Token);

        var cookie = Assert.Single(signedIn.Headers.GetValues("Set-Cookie"), cookie => !cookie.Contains(".form=", StringComparison.Ordinal));
        Assert.Contains("; samesite=lax", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("; httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("; expires=", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(server.Token, cookie, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://evil.example/gallery")]
    [InlineData("//evil.example")]
    [InlineData("/\\evil.example")]
    [InlineData("javascript:alert(1)")]
    [InlineData("")]
    public async Task Sign_in_never_redirects_to_another_site(string to)
    {
        await using var server = await RunningStandalone.StartAsync();
        using var browser = new PlainBrowser(server.Http.BaseAddress!);

        using var signedIn = await browser.SignInAsync(server.Token, PlainBrowser.SignIn + "?to=" + Uri.EscapeDataString(to));

        Assert.Equal("/gallery", signedIn.Headers.Location?.ToString());
    }

    [Fact]
    public async Task Sign_in_with_invalid_tokens_is_rate_limited_and_a_valid_token_is_accepted()
    {
        await using var server = await RunningStandalone.StartAsync("--Limits:FailedLoginsPerMinute=2");
        using var browser = new PlainBrowser(server.Http.BaseAddress!);

        Assert.Contains("Enter your token.", await ProblemAsync(browser, " "), StringComparison.Ordinal);
        Assert.Contains("not valid for this server", await ProblemAsync(browser, "guess 1"), StringComparison.Ordinal);
        Assert.Contains("not valid for this server", await ProblemAsync(browser, "guess 2"), StringComparison.Ordinal);
        Assert.Contains("Too many invalid tokens", await ProblemAsync(browser, "guess 3"), StringComparison.Ordinal);

        using var signedIn = await browser.SignInAsync(server.Token);
        Assert.Equal(HttpStatusCode.Redirect, signedIn.StatusCode);
    }

    [Fact]
    public async Task Form_without_an_antiforgery_token_cannot_sign_in_or_sign_out()
    {
        await using var server = await RunningStandalone.StartAsync();
        using var browser = new PlainBrowser(server.Http.BaseAddress!);

        using var foreign = await browser.PostAsync(PlainBrowser.SignIn, [new("token", server.Token)]);
        Assert.Contains("has expired", await foreign.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
        using var refused = await browser.GetAsync("/gallery");
        Assert.Equal(HttpStatusCode.Redirect, refused.StatusCode);

        (await browser.SignInAsync(server.Token)).Dispose();
        (await browser.PostAsync(PlainBrowser.SignOut, [])).Dispose();
        using var open = await browser.GetAsync("/gallery");
        Assert.Equal(HttpStatusCode.OK, open.StatusCode);
    }

    [Fact]
    public async Task Gallery_requires_sign_in_after_signing_out()
    {
        await using var server = await RunningStandalone.StartAsync();
        using var browser = await PlainBrowser.SignedInAsync(server.Http.BaseAddress!, server.Token);

        using var signedOut = await browser.SignOutAsync();
        using var refused = await browser.GetAsync("/gallery");

        Assert.Equal(PlainBrowser.SignIn, signedOut.Headers.Location?.ToString());
        Assert.Equal(HttpStatusCode.Redirect, refused.StatusCode);
    }

    [Fact]
    public async Task Copied_cookie_is_invalid_after_sign_out()
    {
        await using var server = await RunningStandalone.StartAsync();
        using var browser = await PlainBrowser.SignedInAsync(server.Http.BaseAddress!, server.Token);
        using var copy = new PlainBrowser(server.Http.BaseAddress!);
        copy.Cookies.Add(browser.Cookies.GetAllCookies());
        using var other = await PlainBrowser.SignedInAsync(server.Http.BaseAddress!, server.Token);
        await copy.TextOfAsync("/gallery");
        await using var events = copy.EventsAsync().GetAsyncEnumerator(Cancel);
        Assert.True(await events.MoveNextAsync());

        (await browser.SignOutAsync()).Dispose();

        using var refused = await copy.GetAsync("/gallery");
        Assert.Equal(HttpStatusCode.Redirect, refused.StatusCode);
        while (await events.MoveNextAsync())
            Assert.Equal("alive", events.Current.EventType);
        await other.TextOfAsync("/gallery");
    }

    [Fact]
    public async Task Sign_in_expires_after_30_days_regardless_of_use()
    {
        var time = new ShiftedTime();
        await using var server = await RunningStandalone.StartAsync(builder => builder.Services.AddSingleton<TimeProvider>(time));
        using var browser = new HttpClient(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false }) { BaseAddress = server.Http.BaseAddress };
        using var signedIn = await PlainBrowser.SignedInAsync(server.Http.BaseAddress!, server.Token);
        browser.DefaultRequestHeaders.Add("Cookie", signedIn.Cookies.GetCookieHeader(server.Http.BaseAddress!));

        foreach (var (day, status) in ((int, HttpStatusCode)[])[(0, HttpStatusCode.OK), (16, HttpStatusCode.OK), (29, HttpStatusCode.OK), (31, HttpStatusCode.Redirect)])
        {
            time.Shift = TimeSpan.FromDays(day);
            using var response = await browser.GetAsync("/gallery", Cancel);
            Assert.Equal((day, status), (day, response.StatusCode));
            if (status == HttpStatusCode.OK && response.Headers.TryGetValues("Set-Cookie", out var cookies))
                Assert.DoesNotContain(cookies, cookie => cookie.Contains("expires=", StringComparison.OrdinalIgnoreCase));
        }
    }

    [Fact]
    public async Task Oldest_sign_in_ends_when_an_owner_exceeds_the_maximum_number()
    {
        await using var server = await RunningStandalone.StartAsync();
        using var oldest = await PlainBrowser.SignedInAsync(server.Http.BaseAddress!, server.Token);

        for (var i = 0; i < 100; i++)
            (await PlainBrowser.SignedInAsync(server.Http.BaseAddress!, server.Token)).Dispose();

        using var response = await oldest.GetAsync("/gallery");
        Assert.Equal(HttpStatusCode.Redirect, response.StatusCode);
    }

    [Fact]
    public async Task Two_servers_on_one_host_use_separate_cookies()
    {
        await using var one = await RunningStandalone.StartAsync();
        await using var other = await RunningStandalone.StartAsync();
        using var browser = await PlainBrowser.SignedInAsync(one.Http.BaseAddress!, one.Token);
        using var atOther = await PlainBrowser.SignedInAsync(other.Http.BaseAddress!, other.Token);

        // A browser sends the cookies of a host to all its ports.
        browser.Cookies.Add(atOther.Cookies.GetAllCookies());

        Assert.Contains("Sign out", await browser.TextOfAsync("/gallery"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Page_with_a_form_logs_no_warning()
    {
        using var logs = new KeptLogs();
        await using var server = await RunningStandalone.StartAsync(builder => builder.Logging.AddProvider(logs));
        using var browser = await PlainBrowser.SignedInAsync(server.Http.BaseAddress!, server.Token);
        var before = logs.Lines.Count;

        await browser.TextOfAsync("/gallery");
        await browser.TextOfAsync("/gallery/generate");
        using var anew = new PlainBrowser(server.Http.BaseAddress!);
        await anew.TextOfAsync(PlainBrowser.SignIn);

        Assert.DoesNotContain(logs.Lines.Skip(before), line => line.Level >= LogLevel.Warning);
    }

    [Fact]
    public async Task Sign_in_is_kept_after_a_restart_but_not_after_a_token_change_and_no_token_is_logged()
    {
        using var folder = new TemporaryFolder();
        CookieContainer cookies;
        await using (var server = StandaloneProcess.Start(folder.Path, "--Logging:LogLevel:Default=Debug", "--Logging:LogLevel:McpImageGen=Debug"))
        {
            var client = await server.ReadyAsync();
            using var browser = await PlainBrowser.SignedInAsync(client.Http.BaseAddress!, client.Token);
            await browser.TextOfAsync("/gallery");
            using var other = new PlainBrowser(client.Http.BaseAddress!);
            await ProblemAsync(other, "a-mistyped-token");
            cookies = browser.Cookies;
            server.Terminate();
            Assert.Equal(0, await server.ExitCodeAsync());
            var afterStart = server.Output.IndexOf("Press Ctrl-C to stop the server.", StringComparison.Ordinal);
            Assert.DoesNotContain(client.Token, server.Output[afterStart..], StringComparison.Ordinal);
            Assert.DoesNotContain("a-mistyped-token", server.Output, StringComparison.Ordinal);
        }

        await using (var restarted = StandaloneProcess.Start(folder.Path))
            Assert.Equal(HttpStatusCode.OK, await StatusWithAsync(restarted, cookies));
        await using (var changed = StandaloneProcess.Start(folder.Path, "--AUTH_TOKEN=another-token"))
            Assert.Equal(HttpStatusCode.Redirect, await StatusWithAsync(changed, cookies));
    }

    [Fact]
    public async Task JWT_with_the_required_scope_can_sign_in()
    {
        await using var provider = await IdentityProvider.StartAsync();
        await using var server = await RunningStandalone.StartAsync(
            "--Auth:Jwt:Authority=" + provider.Address, "--Auth:Jwt:Audience=" + IdentityProvider.Audience, "--Auth:Jwt:Scope=images:make");
        using var browser = await PlainBrowser.SignedInAsync(server.Http.BaseAddress!, provider.TokenFor("ann", "images:make"));
        using var other = new PlainBrowser(server.Http.BaseAddress!);

        Assert.Contains("jwt:ann", await browser.TextOfAsync("/gallery"), StringComparison.Ordinal);
        Assert.Contains("not valid for this server", await ProblemAsync(other, provider.TokenFor("ann", "images:look")), StringComparison.Ordinal);
        Assert.Contains("not valid for this server", await ProblemAsync(other, "no.jwt.atall"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_anonymous_access_only_local_browsers_need_no_sign_in()
    {
        await using var server = await RunningStandalone.StartAsync("--Auth:Anonymous=true");
        using var browser = new PlainBrowser(server.Http.BaseAddress!);
        using var passedOn = new HttpRequestMessage(HttpMethod.Get, "/gallery") { Headers = { { "X-Forwarded-For", "192.0.2.1" } } };

        Assert.DoesNotContain("Sign out", await browser.TextOfAsync("/gallery"), StringComparison.Ordinal);
        using var refused = await browser.SendAsync(passedOn);
        Assert.Equal(HttpStatusCode.Redirect, refused.StatusCode);
    }

    private static async Task<string> ProblemAsync(PlainBrowser browser, string token)
    {
        using var response = await browser.SignInAsync(token);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await response.Content.ReadAsStringAsync(Cancel);
    }

    private static async Task<HttpStatusCode> StatusWithAsync(StandaloneProcess server, CookieContainer cookies)
    {
        var client = await server.ReadyAsync();
        using var browser = new PlainBrowser(client.Http.BaseAddress!);
        browser.Cookies.Add(cookies.GetAllCookies());
        using var response = await browser.GetAsync("/gallery");
        return response.StatusCode;
    }
}
