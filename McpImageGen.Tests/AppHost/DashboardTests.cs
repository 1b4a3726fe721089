using System.Net;
using McpImageGen.Tests.Containers;
using McpImageGen.Tests.Pages.Browser;
using McpImageGen.Tests.Testing;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace McpImageGen.Tests.AppHost;

/// <summary>The dashboard as people see it.</summary>
[Collection<WithAppHost>]
[Slow]
public sealed class DashboardTests(SharedAppHost shared, Chromium chromium) : IAsyncLifetime
{
    private RunningAppHost _host = null!;
    private DashboardPage _dashboard = null!;

    public async ValueTask InitializeAsync()
    {
        _host = await shared.StartedAsync();
        _dashboard = await DashboardPage.OpenAsync(chromium, _host);
    }

    public async ValueTask DisposeAsync() => await _dashboard.DisposeAsync();

    [Fact]
    public async Task Dashboard_shows_every_resource_as_running_with_its_links()
    {
        foreach (var row in await _dashboard.Rows.AllAsync())
            await Expect(row.GetByText("Running", new() { Exact = true })).ToBeVisibleAsync();

        Assert.Equal(["MCP endpoint", "Gallery", "Start page"], await LinksOf("mcp-api").AllInnerTextsAsync());
        Assert.Equal(["MinIO console", "S3"], await LinksOf("minio").AllInnerTextsAsync());
        Assert.Equal(["Health"], await LinksOf("generation-worker").AllInnerTextsAsync());
        Assert.Equal(["Health"], await LinksOf("workers-ai-emulator").AllInnerTextsAsync());
    }

    [Fact]
    public async Task Every_dashboard_link_returns_the_expected_status()
    {
        using var http = new HttpClient();
        foreach (var link in await _dashboard.Rows.Locator("a[href^=http]").AllAsync())
        {
            var name = await link.InnerTextAsync();
            if (name == "MinIO console" && ContainerSettings.ImageOf("S3") is not null)
                continue; // other S3 servers have none
            using var response = await http.GetAsync(await link.GetAttributeAsync("href"), TestContext.Current.CancellationToken);
            HttpStatusCode[] expected = name switch
            {
                "MCP endpoint" => [HttpStatusCode.MethodNotAllowed], // it is there for MCP clients, which post
                "S3" => [HttpStatusCode.OK, HttpStatusCode.Forbidden], // to a stranger, one server or another
                _ => [HttpStatusCode.OK],
            };
            Assert.True(expected.Contains(response.StatusCode), $"{name}: {response.StatusCode}");
        }
    }

    [Fact]
    public async Task Dashboard_command_generates_a_test_image()
    {
        await _dashboard.ChooseAsync("mcp-api", "Generate a test image");
        await _dashboard.ConfirmAsync("Generate a test image");

        var link = _dashboard.Page.Locator("fluent-dialog a[href*='/images/']");
        await Expect(link).ToHaveCountAsync(1);
        var image = await _host.Client.Http.GetByteArrayAsync(await link.GetAttributeAsync("href"), TestContext.Current.CancellationToken);
        Assert.Equal([0xFF, 0xD8, 0xFF], image[..3]);
    }

    [Fact]
    public async Task Error_logged_by_a_worker_is_shown_as_a_red_badge()
    {
        var failed = await _host.Client.CallAsync("generate_image_and_wait", new { prompt = "[fault:bad-token]" });

        Assert.False(failed.Success);
        await Expect(_dashboard.RedBadges).Not.ToHaveCountAsync(0);
    }

    [Fact]
    public async Task One_trace_includes_API_message_database_provider_image_store_and_signal()
    {
        var (id, spans) = await _host.Dashboard.CaughtUpAsync(_host.Client);

        string[] api = ["mcp-api: POST /mcp/", "mcp-api: tools/call generate_image_and_wait"];
        string[] worker = [.. api, "mcp-api: McpImageGen.Contracts:GenerateImage send", "generation-worker: generate-image receive", "generation-worker: generate-image process"];
        Assert.Contains([.. api, "mcp-api: postgresql"], WaysIn(spans));
        Assert.Contains([.. worker, "generation-worker: claim job", "generation-worker: postgresql"], WaysIn(spans));
        Assert.Contains([.. worker, "generation-worker: generate_content flux-schnell", "generation-worker: POST"], WaysIn(spans));
        Assert.Contains([.. worker, "generation-worker: store image", "generation-worker: PUT"], WaysIn(spans));
        Assert.Contains([.. worker, "generation-worker: signal job"], WaysIn(spans));

        await _dashboard.Page.GotoAsync(new Uri(_host.Dashboard.Address, $"/traces/detail/{id}").AbsoluteUri);
        foreach (var name in new[] { "claim job", "store image", "signal job" })
            await Expect(_dashboard.Page.GetByText(name).First).ToBeVisibleAsync();
    }

    private ILocator LinksOf(string resource) => _dashboard.RowOf(resource).Locator("a[href^=http]");

    /// <summary>Of each span the names of those that it is part of, and its own.</summary>
    private static List<string[]> WaysIn(IReadOnlyList<SeenSpan> spans)
    {
        var byId = spans.ToDictionary(span => span.Id);
        return [.. spans.Select(WayTo)];

        string[] WayTo(SeenSpan span) =>
            [.. span.Parent is not null && byId.TryGetValue(span.Parent, out var parent) ? WayTo(parent) : [], $"{span.Service}: {span.Name}"];
    }
}
