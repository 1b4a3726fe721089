using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using McpImageGen.Tests.Testing;
using McpImageGen.Tests.WorkersAi;
using Microsoft.Extensions.Logging;

namespace McpImageGen.Tests.Auth;

/// <summary>Who is kept out: pages of other sites, guessers, and owners who ask for too much.</summary>
public sealed class AccessControlTests
{
    private const string ListTools = """{"jsonrpc":"2.0","id":1,"method":"tools/list"}""";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("127.0.0.1:5280", HttpStatusCode.OK)]
    [InlineData("localhost:5280", HttpStatusCode.OK)]
    [InlineData("[::1]:5280", HttpStatusCode.OK)]
    [InlineData("images.localhost", HttpStatusCode.OK)]
    [InlineData("evil.example", HttpStatusCode.Forbidden)]
    [InlineData("127.0.0.1.evil.example:5280", HttpStatusCode.Forbidden)]
    [InlineData("192.168.1.7:5280", HttpStatusCode.Forbidden)]
    public async Task Server_on_loopback_accepts_only_loopback_host_names(string host, HttpStatusCode status)
    {
        await using var server = await RunningStandalone.StartAsync();

        using var response = await server.Client.PostAsync(ListTools, request => request.Headers.Host = host);

        Assert.Equal(status, response.StatusCode);
        if (status == HttpStatusCode.Forbidden)
            Assert.Contains("AllowedHosts", await MessageAsync(response), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("images.example", "images.example", HttpStatusCode.OK)]
    [InlineData("images.example", "IMAGES.example:5471", HttpStatusCode.OK)]
    [InlineData("images.example", "evil.example", HttpStatusCode.Forbidden)]
    [InlineData("images.example;localhost", "localhost", HttpStatusCode.OK)]
    [InlineData("images.example:5471", "images.example:5471", HttpStatusCode.OK)]
    [InlineData("images.example:5471", "images.example", HttpStatusCode.Forbidden)]
    [InlineData("images.example:80", "images.example", HttpStatusCode.OK)]
    [InlineData("*.example", "images.example", HttpStatusCode.OK)]
    [InlineData("*.example", "example", HttpStatusCode.Forbidden)]
    [InlineData("[::1]:5471", "[::1]:5471", HttpStatusCode.OK)]
    [InlineData("*", "localhost", HttpStatusCode.OK)]
    public async Task Only_hosts_in_AllowedHosts_are_accepted(string allowed, string host, HttpStatusCode status)
    {
        await using var server = await RunningStandalone.StartAsync("--AllowedHosts=" + allowed);

        using var response = await server.Client.PostAsync(ListTools, request => request.Headers.Host = host);

        Assert.Equal(status, response.StatusCode);
        if (status == HttpStatusCode.Forbidden)
            Assert.Contains($"'{host}'", await MessageAsync(response), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/alive")]
    [InlineData("/health")]
    public async Task Health_probe_with_any_host_name_is_accepted(string path)
    {
        await using var listed = await RunningStandalone.StartAsync("--AllowedHosts=images.example");
        await using var onLoopback = await RunningStandalone.StartAsync();
        foreach (var server in new[] { listed, onLoopback })
        {
            using var probe = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { Host = "10.1.2.3:8080" } };
            using var response = await server.Http.SendAsync(probe, Cancel);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }
    }

    [Fact]
    public async Task OAuth_client_registration_is_rejected_with_a_message_about_the_token()
    {
        await using var server = await RunningStandalone.StartAsync();

        using var response = await server.Http.PostAsJsonAsync("/register", new { client_name = "a client", redirect_uris = new[] { "http://127.0.0.1:3334/callback" } }, Cancel);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        var error = await response.Content.ReadFromJsonAsync<JsonElement>(Cancel);
        Assert.Equal("invalid_client_metadata", error.GetProperty("error").GetString());
        Assert.Contains("token", error.GetProperty("error_description").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_anonymous_access_only_local_programs_can_call_without_a_token()
    {
        await using var server = await RunningStandalone.StartAsync("--Auth:Anonymous=true");

        Assert.Equal(HttpStatusCode.OK, await StatusAsync(server, null));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(server, null, ("Origin", "http://localhost:3000")));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(server, null, ("Origin", "https://evil.example")));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(server, null, ("Origin", "null")));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(server, null, ("X-Forwarded-For", "192.0.2.1")));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(server, "wrong"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(server, server.Token));
    }

    [Fact]
    public async Task Page_of_any_site_can_call_with_a_valid_token()
    {
        await using var server = await RunningStandalone.StartAsync();

        Assert.Equal(HttpStatusCode.OK, await StatusAsync(server, server.Token, ("Origin", "https://chat.example")));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(server, null));
    }

    [Fact]
    public async Task Calls_with_invalid_tokens_are_rate_limited_and_a_valid_token_is_accepted()
    {
        await using var server = await RunningStandalone.StartAsync("--Limits:FailedLoginsPerMinute=3");
        for (var i = 0; i < 3; i++)
            Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(server, $"guess {i}"));

        using var tooMany = await new FetchClient(server.Http, "guess 4").PostAsync(ListTools);

        Assert.Equal(HttpStatusCode.TooManyRequests, tooMany.StatusCode);
        Assert.InRange(tooMany.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 60);
        Assert.Contains("invalid tokens", await MessageAsync(tooMany), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(server, server.Token));
    }

    [Fact]
    public async Task Invalid_tokens_are_rate_limited_even_with_changing_forwarded_addresses()
    {
        await using var server = await RunningStandalone.StartAsync("--Limits:FailedLoginsPerMinute=3", "--Proxy:Trusted=any");
        var statuses = new List<HttpStatusCode>();
        for (var i = 0; i < 40; i++)
            statuses.Add(await StatusAsync(server, $"guess {i}", ("X-Forwarded-For", $"192.0.2.{i}")));

        Assert.All(statuses.Take(30), status => Assert.Equal(HttpStatusCode.Unauthorized, status));
        Assert.All(statuses.Skip(30), status => Assert.Equal(HttpStatusCode.TooManyRequests, status));
    }

    [Theory]
    [InlineData("localhost")]
    [InlineData("https://chat.example/page")]
    [InlineData("https://user@chat.example")]
    [InlineData("https://")]
    [InlineData("not an origin")]
    public async Task Invalid_origin_is_rejected_even_with_a_valid_token(string origin)
    {
        await using var server = await RunningStandalone.StartAsync();

        using var response = await server.Client.PostAsync(ListTools, request => request.Headers.TryAddWithoutValidation("Origin", origin));

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
    }

    [Theory]
    [InlineData("https://chat.example:8443")]
    [InlineData("vscode-webview://1a2b3c")]
    [InlineData("chrome-extension://abcdef")]
    [InlineData("app://obsidian.md")]
    [InlineData("file://")]
    [InlineData("null")]
    public async Task Any_valid_origin_is_accepted_with_a_valid_token(string origin)
    {
        await using var server = await RunningStandalone.StartAsync();

        Assert.Equal(HttpStatusCode.OK, await StatusAsync(server, server.Token, ("Origin", origin)));
    }

    [Theory]
    [InlineData("same", "--Auth:Tokens:0:Owner=ann", "--Auth:Tokens:0:Token=one-token-for-two", "--Auth:Tokens:1:Owner=ben", "--Auth:Tokens:1:Token=one-token-for-two")]
    [InlineData("same", "--Auth:Tokens:0:Owner=ann", "--Auth:Tokens:0:Token=one-token-for-two", "--AUTH_TOKEN=one-token-for-two")]
    [InlineData("jwt:", "--Auth:Tokens:0:Owner=jwt:alice", "--Auth:Tokens:0:Token=a-token-of-somebody")]
    [InlineData("jwt:", "--Auth:Tokens:0:Owner=JWT:alice", "--Auth:Tokens:0:Token=a-token-of-somebody")]
    public async Task Ambiguous_owner_settings_prevent_the_start(string reason, params string[] settings)
    {
        var failure = await Assert.ThrowsAnyAsync<Exception>(() => RunningStandalone.StartAsync(settings));

        Assert.Contains(reason, failure.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Short_token_logs_a_warning_at_the_start()
    {
        using var logs = new KeptLogs();
        await using var server = await RunningStandalone.StartAsync(
            builder => builder.Logging.AddProvider(logs), "--Auth:Tokens:0:Owner=ann", "--Auth:Tokens:0:Token=x", "--Auth:Tokens:1:Owner=ben", "--Auth:Tokens:1:Token=0123456789abcdef");

        var warning = Assert.Single(logs.Lines, line => line.Level == LogLevel.Warning && line.Text.Contains("shorter than 16", StringComparison.Ordinal));
        Assert.Contains("ann", warning.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("ben", warning.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Limit_of_concurrent_calls_applies_to_each_owner_separately()
    {
        await using var server = await StartWithTwoOwnersAsync("--Limits:CallsAtOnce=2", "--Mcp:KeepAliveEvery=00:00:00.050");
        var ann = new FetchClient(server.Http, "anns-token");
        var id = (await ann.CallAsync("generate_image", new { prompt = "slow [latency:1m]" })).Text("job_id");
        using var first = await WaitAsync(server, id);
        using var second = await WaitAsync(server, id);

        using var third = await ann.PostAsync(ListTools);

        Assert.Equal(HttpStatusCode.TooManyRequests, third.StatusCode);
        Assert.NotNull(third.Headers.RetryAfter);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(server, "bens-token"));
    }

    [Fact]
    public async Task Limit_of_calls_per_minute_applies_to_each_owner_separately()
    {
        await using var server = await StartWithTwoOwnersAsync("--Limits:CallsPerMinute=3");
        for (var i = 0; i < 3; i++)
            Assert.Equal(HttpStatusCode.OK, await StatusAsync(server, "anns-token"));

        Assert.Equal(HttpStatusCode.TooManyRequests, await StatusAsync(server, "anns-token"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(server, "bens-token"));
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/mcp")]
    [InlineData("/images/unknown.png")]
    public async Task Every_response_has_the_browser_security_headers(string path)
    {
        await using var server = await RunningStandalone.StartAsync();

        using var response = await server.Http.GetAsync(path, Cancel);

        Assert.Equal("nosniff", response.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Equal("DENY", response.Headers.GetValues("X-Frame-Options").Single());
        Assert.Equal("no-referrer", response.Headers.GetValues("Referrer-Policy").Single());
    }

    private static Task<RunningStandalone> StartWithTwoOwnersAsync(params string[] settings) => RunningStandalone.StartAsync(
        ["--Auth:Tokens:0:Owner=ann", "--Auth:Tokens:0:Token=anns-token", "--Auth:Tokens:1:Owner=ben", "--Auth:Tokens:1:Token=bens-token", .. settings]);

    /// <summary>Begins to wait for a job; returns as soon as the server shows that it waits.</summary>
    private static async Task<HttpResponseMessage> WaitAsync(RunningStandalone server, string id)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/mcp")
        {
            Content = JsonContent.Create(new { jsonrpc = "2.0", id = 1, method = "tools/call", @params = new { name = "wait_for_completion", arguments = new { job_id = id } } }),
        };
        request.Headers.Authorization = new("Bearer", "anns-token");
        return await server.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancel);
    }

    private static async Task<HttpStatusCode> StatusAsync(RunningStandalone server, string? token, params (string Name, string Value)[] headers)
    {
        using var response = await new FetchClient(server.Http, token ?? "").PostAsync(ListTools, request =>
        {
            if (token is null)
                request.Headers.Authorization = null;
            foreach (var (name, value) in headers)
                request.Headers.Add(name, value);
        });
        return response.StatusCode;
    }

    private static async Task<string> MessageAsync(HttpResponseMessage response) =>
        (await response.Content.ReadFromJsonAsync<JsonElement>(Cancel)).GetProperty("error").GetProperty("message").GetString()!;
}
