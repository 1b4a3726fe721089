using System.Net;
using System.Net.ServerSentEvents;
using System.Text.RegularExpressions;
using McpImageGen.Tests.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace McpImageGen.Tests.Pages;

/// <summary>An owner's images as the gallery shows them, and keeps showing them.</summary>
public sealed partial class GalleryTests : IAsyncLifetime
{
    private const string NeverDone = "[latency:10m]";

    private RunningStandalone _server = null!;
    private PlainBrowser _browser = null!;
    private FetchClient _ann = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server = await RunningStandalone.StartAsync(
            "--Auth:Tokens:0:Owner=ann", "--Auth:Tokens:0:Token=anns-token", "--Auth:Tokens:1:Owner=ben", "--Auth:Tokens:1:Token=bens-token");
        _ann = new FetchClient(_server.Http, "anns-token");
        _browser = await PlainBrowser.SignedInAsync(_server.Http.BaseAddress!, "anns-token");
    }

    public async ValueTask DisposeAsync()
    {
        _browser.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Gallery_shows_newest_images_first_and_older_images_on_the_next_page()
    {
        var asked = new List<string>();
        for (var i = 0; i < 3; i++)
            asked.AddRange(await AskForAsync("one of sixty [fault:prompt-rejected]", 20));

        var first = await _browser.TextOfAsync("/gallery");
        var second = await _browser.TextOfAsync(WebUtility.HtmlDecode(Older().Match(first).Groups["address"].Value));

        Assert.Equal(48, CardsOf(first).Count);
        Assert.Equal(asked.AsEnumerable().Reverse(), CardsOf(first).Concat(CardsOf(second)));
        Assert.DoesNotMatch(Older(), second);
        Assert.Contains("""<a href="/gallery">Newest images</a>""", second, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Gallery_can_be_filtered_by_search_text_model_and_status()
    {
        var cat = await FinishAsync("a CAT on a roof");
        var dog = await FinishAsync("a dog in a boat", "sdxl-lightning");
        var rude = await FinishAsync("a cat [fault:prompt-rejected]");

        Assert.Equal([rude, cat], CardsOf(await _browser.TextOfAsync("/gallery?search=+Cat&model=&status=")));
        Assert.Equal([cat], CardsOf(await _browser.TextOfAsync("/gallery?search=cat&status=completed")));
        Assert.Equal([dog], CardsOf(await _browser.TextOfAsync("/gallery?model=sdxl-lightning")));
        Assert.Empty(CardsOf(await _browser.TextOfAsync("/gallery?search=c%25t")));
        Assert.Empty(CardsOf(await _browser.TextOfAsync("/gallery?search=mouse%00")));
        Assert.Contains("No image matches the search.", await _browser.TextOfAsync("/gallery?search=mouse"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("status=lost", "Unknown status “lost”")]
    [InlineData("model=%3Cb%3E", "Unknown model “<b>”")]
    [InlineData("before=yesterday", "There are no images yet")]
    public async Task Invalid_query_parameters_of_the_gallery_are_reported_and_ignored(string query, string said)
    {
        var page = await _browser.TextOfAsync("/gallery?" + query);

        Assert.Contains(said, WebUtility.HtmlDecode(page), StringComparison.Ordinal);
        Assert.DoesNotContain("<b>", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Gallery_event_stream_sends_new_and_changed_images()
    {
        await using var events = _browser.EventsAsync().GetAsyncEnumerator(Cancel);
        Assert.Empty(CardsOf(await NextAsync(events, "cards")));

        var slow = (await AskForAsync("a patient painter " + NeverDone))[0];
        var placeholder = await NextAsync(events, "cards", text => text.Contains("The image is being generated.", StringComparison.Ordinal));
        Assert.Equal([slow], CardsOf(placeholder));

        var quick = await FinishAsync("a lighthouse");
        var image = await NextAsync(events, "cards", text => text.Contains("<img", StringComparison.Ordinal));
        Assert.Equal([quick, slow], CardsOf(image));
        Assert.DoesNotContain("a patient painter", image, StringComparison.Ordinal);
        Assert.Equal(quick, await NextAsync(events, "finished"));
        Assert.Equal("1 image finished", await NextAsync(events, "news"));

        await _ann.CallAsync("cancel_job", new { job_id = slow });
        Assert.Equal("1 cancelled", await NextAsync(events, "news"));
    }

    [Fact]
    public async Task Reconnected_gallery_event_stream_includes_missed_images()
    {
        var before = await FinishAsync("before");
        await using (var events = _browser.EventsAsync().GetAsyncEnumerator(Cancel))
            Assert.Equal([before], CardsOf(await NextAsync(events, "cards")));
        var meanwhile = await FinishAsync("a rude one [fault:prompt-rejected]");

        await using var again = _browser.EventsAsync().GetAsyncEnumerator(Cancel);
        var cards = await NextAsync(again, "cards");

        Assert.Equal([meanwhile, before], CardsOf(cards));
        Assert.Contains("refused the prompt", cards, StringComparison.Ordinal);
        Assert.Contains("<img", cards, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Gallery_filtered_by_status_is_updated_live_and_a_search_is_not()
    {
        await using var events = _browser.EventsAsync("?status=failed").GetAsyncEnumerator(Cancel);
        await NextAsync(events, "cards");

        await FinishAsync("a lighthouse");
        var rude = await FinishAsync("a rude one [fault:prompt-rejected]");

        Assert.Equal([rude], CardsOf(await NextAsync(events, "cards")));
        Assert.Contains("data-events=\"/gallery/events?status=failed\"", await _browser.TextOfAsync("/gallery?status=failed"), StringComparison.Ordinal);
        Assert.DoesNotContain("data-events", await _browser.TextOfAsync("/gallery?search=a"), StringComparison.Ordinal);
        using var refused = await _browser.GetAsync("/gallery/events?search=a");
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
    }

    [Fact]
    public async Task Gallery_shows_only_images_of_its_owner()
    {
        using var ben = await PlainBrowser.SignedInAsync(_server.Http.BaseAddress!, "bens-token");
        await using var events = ben.EventsAsync().GetAsyncEnumerator(Cancel);
        await NextAsync(events, "cards");
        var anns = await FinishAsync("ann's garden");

        var bens = (await new FetchClient(_server.Http, "bens-token").CallAsync("generate_image_and_wait", new { prompt = "ben's garden" })).Text("job_id");

        Assert.Equal([bens], CardsOf(await NextAsync(events, "cards", text => text.Contains("<img", StringComparison.Ordinal))));
        Assert.Equal([bens], CardsOf(await ben.TextOfAsync("/gallery")));
        Assert.Empty(CardsOf(await ben.TextOfAsync("/gallery?search=ann")));
        Assert.Equal([anns], CardsOf(await _browser.TextOfAsync("/gallery")));
        foreach (var id in new[] { anns, Guid.NewGuid().ToString() })
        {
            using var unknown = await ben.GetAsync("/gallery/" + id);
            Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
            Assert.DoesNotContain("garden", await unknown.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Gallery_escapes_markup_in_prompts()
    {
        const string Prompt = "\"><script>alert(1)</script><img src=x onerror=alert(1)> & co\r\nevent: cards\r\n\r\n";
        await FinishAsync(Prompt);
        await using var events = _browser.EventsAsync().GetAsyncEnumerator(Cancel);

        foreach (var text in new[] { await _browser.TextOfAsync("/gallery"), await NextAsync(events, "cards") })
        {
            Assert.DoesNotContain("<script>", text, StringComparison.Ordinal);
            Assert.DoesNotContain("<img src=x", text, StringComparison.Ordinal);
            Assert.Contains("&lt;script&gt;alert(1)&lt;/script&gt;", text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Open_gallery_event_stream_is_not_counted_as_a_call_and_ends_when_the_server_stops()
    {
        await using var server = await RunningStandalone.StartAsync("--Limits:CallsAtOnce=1");
        using var browser = await PlainBrowser.SignedInAsync(server.Http.BaseAddress!, server.Token);
        await using var events = browser.EventsAsync().GetAsyncEnumerator(Cancel);
        await NextAsync(events, "cards");
        Assert.True((await server.Client.CallAsync("list_jobs", new { })).Success);

        server.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();

        while (await events.MoveNextAsync())
            Assert.NotEqual("cards", events.Current.EventType);
    }

    private async Task<IReadOnlyList<string>> AskForAsync(string prompt, int count = 1)
    {
        var asked = await _ann.CallAsync("generate_image", new { prompt, count });
        return count == 1 ? [asked.Text("job_id")] : [.. asked.List("job_ids").Select(id => id.GetString()!)];
    }

    private async Task<string> FinishAsync(string prompt, string model = "flux-schnell") =>
        (await _ann.CallAsync("generate_image_and_wait", new { prompt, model })).Text("job_id");

    /// <summary>The data of the next event of this type that is like that; others before it are passed over.</summary>
    private static async Task<string> NextAsync(IAsyncEnumerator<SseItem<string>> events, string type, Func<string, bool>? isLikeThat = null)
    {
        // An open page gets an event every 2 s.
        for (var passedOver = 0; passedOver < 100 && await events.MoveNextAsync(); passedOver++)
        {
            if (events.Current.EventType == type && (isLikeThat is null || isLikeThat(events.Current.Data)))
                return events.Current.Data;
        }

        throw new TimeoutException($"No such event of type {type} came.");
    }

    private static List<string> CardsOf(string html) => [.. Card().Matches(html).Select(card => card.Groups["id"].Value)];

    [GeneratedRegex("<li [^>]*id=\"job-(?<id>[^\"]*)\"")]
    private static partial Regex Card();

    [GeneratedRegex("<a class=\"more\" href=\"(?<address>[^\"]*)\" rel=\"next\">Older images</a>")]
    private static partial Regex Older();
}
