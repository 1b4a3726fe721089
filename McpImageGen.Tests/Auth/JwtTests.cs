using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using McpImageGen.Tests.Pages;
using McpImageGen.Tests.Testing;
using McpImageGen.Tests.WorkersAi;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace McpImageGen.Tests.Auth;

public sealed class JwtTests : IAsyncLifetime
{
    private IdentityProvider _provider = null!;
    private RunningStandalone _server = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _provider = await IdentityProvider.StartAsync();
        _server = await RunningStandalone.StartAsync(
            "--Auth:Jwt:Authority=" + _provider.Address, "--Auth:Jwt:Audience=" + IdentityProvider.Audience, "--Auth:Jwt:Scope=images:make");
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        await _provider.DisposeAsync();
    }

    [Fact]
    public async Task Each_JWT_subject_is_a_separate_owner()
    {
        var id = (await ClientOf("ann").CallAsync("generate_image", new { prompt = "ann's" })).Text("job_id");

        Assert.True((await ClientOf("ann").CallAsync("get_job_status", new { job_id = id })).Success);
        Assert.Equal("Job not found", (await ClientOf("ben").CallAsync("get_job_status", new { job_id = id })).Error);
        Assert.Equal("Job not found", (await ClientOf("default").CallAsync("get_job_status", new { job_id = id })).Error);
    }

    [Fact]
    public async Task Configured_token_is_accepted_without_a_scope() =>
        Assert.True((await _server.Client.CallAsync("list_jobs", new { })).Success);

    [Fact]
    public async Task Expired_foreign_or_forged_JWT_is_rejected()
    {
        string[] tokens =
        [
            _provider.TokenFor("ann", "images:make", lifetime: TimeSpan.FromMinutes(-10)),
            _provider.TokenFor("ann", "images:make", audience: "mail"),
            _provider.TokenFor("ann", "images:make", issuer: "https://elsewhere.example"),
            _provider.TokenFor("ann", "images:make")[..^8] + "AAAAAAAA",
            "no.jwt.atall",
            _provider.TokenFor(new string('a', 197), "images:make"),
        ];

        foreach (var token in tokens)
        {
            using var response = await new FetchClient(_server.Http, token).PostAsync("""{"jsonrpc":"2.0","id":1,"method":"tools/list"}""");

            Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
            Assert.Contains("error=\"invalid_token\"", response.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
            Assert.Equal(-32001, await ErrorCodeAsync(response));
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData("images:look")]
    public async Task JWT_without_the_required_scope_is_forbidden_with_the_name_of_the_scope(string? scope)
    {
        using var response = await new FetchClient(_server.Http, _provider.TokenFor("ann", scope)).PostAsync("""{"jsonrpc":"2.0","id":1,"method":"tools/list"}""");

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Contains("error=\"insufficient_scope\", scope=\"images:make\"", response.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
        Assert.Equal(-32003, await ErrorCodeAsync(response));
    }

    [Fact]
    public async Task Request_without_a_token_gets_the_metadata_of_the_identity_provider()
    {
        using var refused = await _server.Http.PostAsJsonAsync("/mcp", new { jsonrpc = "2.0", id = 1, method = "tools/list" }, Cancel);

        var challenge = refused.Headers.WwwAuthenticate.ToString();
        var at = challenge[(challenge.IndexOf("resource_metadata=\"", StringComparison.Ordinal) + "resource_metadata=\"".Length)..].TrimEnd('"');
        var metadata = await _server.Http.GetFromJsonAsync<JsonElement>(at, Cancel);
        Assert.Equal(_server.Mcp.AbsoluteUri, metadata.GetProperty("resource").GetString());
        Assert.Equal([_provider.Address], metadata.GetProperty("authorization_servers").EnumerateArray().Select(server => server.GetString()));
        Assert.Equal(["images:make"], metadata.GetProperty("scopes_supported").EnumerateArray().Select(scope => scope.GetString()));
    }

    [Fact]
    [Slow]
    public async Task JWT_gets_503_while_the_identity_provider_is_unavailable()
    {
        var address = $"http://127.0.0.1:{FreePort.Next()}";
        using var logs = new KeptLogs();
        await using var server = await RunningStandalone.StartAsync(
            builder => builder.Logging.AddProvider(logs),
            "--Auth:Jwt:Authority=" + address, "--Auth:Jwt:Audience=" + IdentityProvider.Audience, "--Limits:FailedLoginsPerMinute=1");
        await using var provider = await IdentityProvider.StartAsync();
        var token = provider.TokenFor("ann", issuer: address);
        var client = new FetchClient(server.Http, token);

        for (var i = 0; i < 5; i++)
        {
            using var away = await client.PostAsync("""{"jsonrpc":"2.0","id":1,"method":"tools/list"}""");
            Assert.Equal(HttpStatusCode.ServiceUnavailable, away.StatusCode);
            Assert.NotNull(away.Headers.RetryAfter);
            Assert.Empty(away.Headers.WwwAuthenticate);
            using var browser = new PlainBrowser(server.Http.BaseAddress!);
            using var signIn = await browser.SignInAsync(token);
            Assert.Contains("identity provider is not available", await signIn.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
        }

        Assert.Single(logs.Lines, line => line.Level >= LogLevel.Warning && line.Text.Contains("identity provider", StringComparison.Ordinal));
        Assert.DoesNotContain(logs.Lines, line => line.Text.Contains(token, StringComparison.Ordinal));

        // Other tokens are judged as always.
        using var wrong = await new FetchClient(server.Http, "wrong").PostAsync("""{"jsonrpc":"2.0","id":1,"method":"tools/list"}""");
        Assert.Equal(HttpStatusCode.Unauthorized, wrong.StatusCode);
        Assert.True((await server.Client.CallAsync("list_jobs", new { })).Success);

        await using var back = await IdentityProvider.StartAsync(address: address);
        var right = new FetchClient(server.Http, back.TokenFor("ann"));
        await Until.HoldsAsync(
            async () =>
            {
                using var response = await right.PostAsync("""{"jsonrpc":"2.0","id":1,"method":"tools/list"}""");
                return response.StatusCode;
            },
            status => status == HttpStatusCode.OK,
            "the identity provider is asked again");
    }

    [Fact]
    public async Task JWT_that_is_not_an_access_token_or_is_no_longer_valid_is_rejected()
    {
        const string Scope = "images:make";
        (string What, string Token)[] tokens =
        [
            ("expired for longer than clocks differ", _provider.TokenFor("ann", Scope, lifetime: TimeSpan.FromSeconds(-90))),
            ("critical header", _provider.TokenFor("ann", Scope, header: [("crit", new[] { "exp" })])),
            ("at_hash", _provider.TokenFor("ann", Scope, more: [("at_hash", "x")])),
            ("nonce without scope", _provider.TokenFor("ann", more: [("nonce", "x")])),
            ("token_use", _provider.TokenFor("ann", Scope, more: [("token_use", "id")])),
            ("typ claim", _provider.TokenFor("ann", Scope, more: [("typ", "ID")])),
            ("other type", _provider.TokenFor("ann", Scope, type: "logout+jwt")),
        ];
        foreach (var (what, token) in tokens)
        {
            using var response = await new FetchClient(_server.Http, token).PostAsync("""{"jsonrpc":"2.0","id":1,"method":"tools/list"}""");
            Assert.True(response.StatusCode == HttpStatusCode.Unauthorized, what);
        }
    }

    [Fact]
    public async Task Access_tokens_of_different_identity_providers_are_accepted()
    {
        const string Scope = "images:make";
        string[] tokens =
        [
            _provider.TokenFor("ann", Scope, type: "at+jwt"),
            _provider.TokenFor("ann", Scope, more: [("nonce", "x"), ("typ", "Bearer")]),
            _provider.TokenFor("ann", Scope, more: [("token_use", "access")]),
            _provider.TokenFor("ann", Scope, lifetime: TimeSpan.FromSeconds(-20)),
        ];
        foreach (var token in tokens)
            Assert.True((await new FetchClient(_server.Http, token).CallAsync("list_jobs", new { })).Success);
    }

    [Theory]
    [InlineData("/", "/")]
    [InlineData("", "/")]
    [InlineData("/", "")]
    public async Task Metadata_contains_the_exact_issuer_of_the_identity_provider(string configuredEnd, string issuerEnd)
    {
        await using var provider = await IdentityProvider.StartAsync(issuerEnd);
        await using var server = await RunningStandalone.StartAsync(
            $"--Auth:Jwt:Authority={provider.Address}{configuredEnd}", "--Auth:Jwt:Audience=" + IdentityProvider.Audience);

        var metadata = await server.Http.GetFromJsonAsync<JsonElement>("/.well-known/oauth-protected-resource/mcp", Cancel);

        Assert.Equal(provider.Issuer, Assert.Single(metadata.GetProperty("authorization_servers").EnumerateArray()).GetString());
        Assert.True((await new FetchClient(server.Http, provider.TokenFor("ann")).CallAsync("list_jobs", new { })).Success);
    }

    [Fact]
    public async Task Metadata_contains_the_configured_authority_while_the_identity_provider_is_unavailable()
    {
        var provider = await IdentityProvider.StartAsync();
        var address = provider.Address + "/";
        await provider.DisposeAsync();
        await using var server = await RunningStandalone.StartAsync("--Auth:Jwt:Authority=" + address, "--Auth:Jwt:Audience=" + IdentityProvider.Audience);

        var metadata = await server.Http.GetFromJsonAsync<JsonElement>("/.well-known/oauth-protected-resource/mcp", Cancel);

        Assert.Equal(address, Assert.Single(metadata.GetProperty("authorization_servers").EnumerateArray()).GetString());
    }

    [Fact]
    public async Task Without_an_identity_provider_there_is_no_OAuth_metadata()
    {
        await using var plain = await RunningStandalone.StartAsync();

        using var refused = await plain.Http.PostAsJsonAsync("/mcp", new { jsonrpc = "2.0", id = 1, method = "tools/list" }, Cancel);
        using var metadata = await plain.Http.GetAsync("/.well-known/oauth-protected-resource/mcp", Cancel);

        Assert.DoesNotContain("resource_metadata", refused.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, metadata.StatusCode);
    }

    private FetchClient ClientOf(string subject) => new(_server.Http, _provider.TokenFor(subject, "images:look images:make"));

    private static async Task<int> ErrorCodeAsync(HttpResponseMessage response) =>
        (await response.Content.ReadFromJsonAsync<JsonElement>(Cancel)).GetProperty("error").GetProperty("code").GetInt32();
}
