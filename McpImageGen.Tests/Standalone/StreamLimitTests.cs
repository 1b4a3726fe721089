using System.Net;
using System.Net.Http.Headers;
using McpImageGen.Tests.Pages;
using McpImageGen.Tests.Testing;

namespace McpImageGen.Tests.Standalone;

/// <summary>One owner cannot keep any number of streams open.</summary>
public sealed class StreamLimitTests
{
    private const string Ann = "anns-token";
    private const string Ben = "bens-token";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Too_many_streams_of_one_owner_are_rejected_without_affecting_other_owners()
    {
        await using var server = await RunningStandalone.StartAsync(
            "--Limits:StreamsAtOnce=2",
            "--Auth:Tokens:0:Owner=ann", $"--Auth:Tokens:0:Token={Ann}", "--Auth:Tokens:1:Owner=ben", $"--Auth:Tokens:1:Token={Ben}");
        using var browser = await PlainBrowser.SignedInAsync(server.Http.BaseAddress!, Ann);
        using var first = await SseClient.OpenAsync(server.Http, Ann);
        await using (var gallery = browser.EventsAsync().GetAsyncEnumerator(Cancel))
        {
            Assert.True(await gallery.MoveNextAsync());

            using var page = await browser.GetAsync("/gallery/events");
            using var stream = await OpenAsync(server, Ann);

            foreach (var refused in new[] { page, stream })
            {
                Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
                Assert.Equal(TimeSpan.FromSeconds(10), refused.Headers.RetryAfter?.Delta);
                Assert.Contains("Too many open streams: the limit is 2.", await refused.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
            }

            using var other = await SseClient.OpenAsync(server.Http, Ben);
        }

        // As soon as one is closed there is room again.
        await Until.HoldsAsync(
            async () =>
            {
                using var again = await OpenAsync(server, Ann);
                return again.StatusCode;
            },
            status => status == HttpStatusCode.OK,
            "a closed stream makes room for another");
    }

    [Fact]
    public async Task Streams_disable_proxy_buffering()
    {
        await using var server = await RunningStandalone.StartAsync();
        using var browser = await PlainBrowser.SignedInAsync(server.Http.BaseAddress!, server.Token);

        using var gallery = await browser.OpenAsync("/gallery/events");
        using var stream = await OpenAsync(server, server.Token);

        Assert.Equal("no", gallery.Headers.GetValues("X-Accel-Buffering").Single());
        Assert.Equal("no", stream.Headers.GetValues("X-Accel-Buffering").Single());
    }

    private static async Task<HttpResponseMessage> OpenAsync(RunningStandalone server, string token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/sse");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return await server.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancel);
    }
}
