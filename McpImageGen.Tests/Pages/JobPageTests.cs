using System.Net;
using System.Text;
using McpImageGen.Jobs.Images;
using McpImageGen.Tests.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace McpImageGen.Tests.Pages;

/// <summary>The page of one job, and what its owner can do there.</summary>
public sealed class JobPageTests : IAsyncLifetime
{
    private RunningStandalone _server = null!;
    private FetchClient _ann = null!;
    private SignedInClient _annsBrowser = null!;
    private SignedInClient _bensBrowser = null!;

    private async Task<string> DownloadNameAsync(string prompt)
    {
        var job = await GenerateAsync(new { prompt });
        var html = WebUtility.HtmlDecode((await _annsBrowser.OpenAsync("/gallery/" + job.Text("job_id"))).Html);
        return html.Split("download=\"")[1].Split('"')[0];
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    // One at a time, so that a job which holds the worker up holds up all others.
    public async ValueTask InitializeAsync()
    {
        _server = await RunningStandalone.StartAsync(
            "--Worker:Concurrency=1",
            "--Auth:Tokens:0:Owner=ann", "--Auth:Tokens:0:Token=anns-token", "--Auth:Tokens:1:Owner=ben", "--Auth:Tokens:1:Token=bens-token");
        _ann = new FetchClient(_server.Http, "anns-token");
        _annsBrowser = await SignedInClient.OfAsync(_server.Http.BaseAddress!, "anns-token");
        _bensBrowser = await SignedInClient.OfAsync(_server.Http.BaseAddress!, "bens-token");
    }

    public async ValueTask DisposeAsync()
    {
        _annsBrowser.Dispose();
        _bensBrowser.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Job_page_shows_image_parameters_times_and_cost_of_a_completed_job()
    {
        var job = await GenerateAsync(new { prompt = "a paper boat", model = "sdxl-lightning", seed = 41, width = 512, height = 768, negative_prompt = "people" });

        var page = await _annsBrowser.OpenAsync("/gallery/" + job.Text("job_id"));

        Assert.Equal(HttpStatusCode.OK, page.Status);
        var image = new Uri(job.Text("image_url")).AbsolutePath;
        Assert.Contains($"<img class=\"large\" src=\"{image}\" alt=\"a paper boat\"", page.Html, StringComparison.Ordinal);
        Assert.Matches("download=\"a-paper-boat-[0-9a-f]{6}[.]jpg\"", page.Html);
        Assert.Contains($"<code id=\"link\">{job.Text("image_url")}</code>", page.Html, StringComparison.Ordinal);
        Assert.Contains("data-copy=\"prompt\" hidden", page.Html, StringComparison.Ordinal);
        foreach (var (name, value) in new[]
        {
            ("Status", "completed"), ("Model", "sdxl-lightning"), ("Seed", "41"), ("Width", "512"), ("Height", "768"), ("Negative prompt", "people"),
            ("Attempts", "1"), ("Cost", "0 neurons"), ("Job id", job.Text("job_id")),
        })
            Assert.Matches($@"<dt>{name}</dt>\s*<dd[^>]*>{value}</dd>", page.Html);
        foreach (var time in new[] { "Waited", "Generated in", "Stored in" })
            Assert.Matches($@"<dt>{time}</dt>\s*<dd[^>]*>\d+\.\d s</dd>", page.Html);
    }

    [Theory]
    [InlineData("हिन्दी में किताब", "हिन्दी-में-किताब")]
    [InlineData("แมวน้ำที่ทะเล", "แมวน้ำที่ทะเล")]
    [InlineData("cafe\u0301 au lait!", "cafe\u0301-au-lait")]
    public async Task Download_file_name_keeps_combining_marks_of_the_prompt(string prompt, string name) =>
        Assert.Matches($"^{name}-[0-9a-f]{{6}}[.]jpg$", await DownloadNameAsync(prompt));

    [Fact]
    public async Task Download_file_name_has_at_most_255_bytes() =>
        Assert.InRange(Encoding.UTF8.GetByteCount(await DownloadNameAsync(string.Concat(Enumerable.Repeat("क्षि", 200)))), 100, 255);

    [Fact]
    public async Task Prompt_is_displayed_in_the_text_direction_of_its_script()
    {
        var job = await GenerateAsync(new { prompt = "חתול על גג" });

        Assert.Matches("id=\"prompt\"[^>]* dir=\"auto\"", (await _annsBrowser.OpenAsync("/gallery/" + job.Text("job_id"))).Html);
        Assert.Matches("class=\"prompt\" dir=\"auto\"", (await _annsBrowser.OpenAsync("/gallery")).Html);
        Assert.Matches("<textarea id=\"prompt\"[^>]* dir=\"auto\"", (await _annsBrowser.OpenAsync("/gallery/generate?from=" + job.Text("job_id"))).Html);
    }

    [Fact]
    public async Task Job_pages_escape_markup_in_prompts()
    {
        const string Prompt = "<script>alert(1)</script> \"><b onmouseover='x'>";
        var id = (await GenerateAsync(new { prompt = Prompt })).Text("job_id");

        foreach (var path in new[] { $"/gallery/{id}", $"/gallery/{id}/delete", $"/gallery/generate?from={id}" })
        {
            var page = await _annsBrowser.OpenAsync(path);
            Assert.Contains(Prompt, page.Text, StringComparison.Ordinal);
            Assert.DoesNotContain("<script>", page.Html, StringComparison.Ordinal);
            Assert.DoesNotContain("<b ", page.Html, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Again_form_submits_the_same_job_with_another_seed_only_once()
    {
        var id = (await GenerateAsync(new { prompt = "a lighthouse", model = "sdxl-lightning", seed = 7, width = 512 })).Text("job_id");
        var again = $"/gallery/{id}/again";
        var form = (await _annsBrowser.OpenAsync("/gallery/" + id)).HiddenFields(again);

        var first = await _annsBrowser.PostAsync(again, form);
        var second = await _annsBrowser.PostAsync(again, form);

        Assert.NotEqual("/gallery/" + id, first.Path);
        Assert.Equal(first.Path, second.Path);
        var job = await _ann.CallAsync("wait_for_completion", new { job_id = first.Path["/gallery/".Length..] });
        Assert.Equal("a lighthouse", job.Text("prompt"));
        var page = await _annsBrowser.OpenAsync(first.Path);
        Assert.Matches(@"<dt>Width</dt>\s*<dd>512</dd>", page.Html);
        Assert.DoesNotMatch(@"<dt>Seed</dt>\s*<dd>7</dd>", page.Html);
        Assert.Equal(2, (await _ann.CallAsync("list_jobs", new { })).Number("total_count"));
    }

    [Fact]
    public async Task Page_of_an_unfinished_job_shows_its_status_refreshes_and_can_cancel_it()
    {
        var busy = (await _ann.CallAsync("generate_image", new { prompt = "slow [latency:100s]" })).Text("job_id");
        var waiting = (await _ann.CallAsync("generate_image", new { prompt = "in the queue" })).Text("job_id");
        await Until.HoldsAsync(() => _ann.CallAsync("get_job_status", new { job_id = busy }), job => job.Text("status") == "processing", "it is generated");

        var made = await _annsBrowser.OpenAsync("/gallery/" + busy);
        var queued = await _annsBrowser.OpenAsync("/gallery/" + waiting);
        var cancelled = await _annsBrowser.SendFormAsync("/gallery/" + busy, $"/gallery/{busy}/cancel");

        Assert.Contains("The image is being generated.", made.Html, StringComparison.Ordinal);
        Assert.Contains($"<noscript><meta http-equiv=\"refresh\" content=\"5; url=/gallery/{busy}\"", made.Html, StringComparison.Ordinal);
        Assert.Contains("data-events=\"/gallery/events\"", made.Html, StringComparison.Ordinal);
        Assert.Contains("Waiting in the queue.", queued.Html, StringComparison.Ordinal);
        Assert.Equal("/gallery/" + busy, cancelled.Path);
        Assert.Contains("The job has no image.", cancelled.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("http-equiv", cancelled.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("/cancel\"", cancelled.Html, StringComparison.Ordinal);
        Assert.True((await _ann.CallAsync("wait_for_completion", new { job_id = waiting })).Success);
    }

    [Fact]
    public async Task Page_of_a_failed_job_shows_the_error_and_what_to_do()
    {
        var failed = await _ann.CallAsync("generate_image_and_wait", new { prompt = "no way [fault:prompt-rejected]" });

        var page = await _annsBrowser.OpenAsync("/gallery/" + failed.Text("job_id"));

        Assert.Contains(failed.Error, page.Text, StringComparison.Ordinal);
        Assert.Contains("Change the prompt.", page.Text, StringComparison.Ordinal);
        Assert.Contains($"/gallery/generate?from={failed.Text("job_id")}", page.Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Page_of_an_edit_shows_its_input_images_and_marks_deleted_ones()
    {
        var boat = await GenerateAsync(new { prompt = "a paper boat" });
        var lake = await GenerateAsync(new { prompt = "a quiet lake" });
        var edited = await _ann.CallAsync(
            "edit_image_and_wait", new { prompt = "the boat on the lake", job_ids = new[] { boat.Text("job_id"), lake.Text("job_id") } });
        await _ann.CallAsync("delete_generation", new { job_id = lake.Text("job_id") });

        var page = await _annsBrowser.OpenAsync("/gallery/" + edited.Text("job_id"));

        Assert.Contains($"<a href=\"/gallery/{boat.Text("job_id")}\"><img ", page.Html, StringComparison.Ordinal);
        Assert.DoesNotContain(lake.Text("job_id"), page.Html, StringComparison.Ordinal);
        Assert.Contains(">deleted image<", page.Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Delete_requires_confirmation_and_removes_job_and_image()
    {
        var job = await GenerateAsync(new { prompt = "to be forgotten" });
        var here = "/gallery/" + job.Text("job_id");

        var question = await _annsBrowser.OpenAsync(here + "/delete");
        using var still = await _server.Http.GetAsync(job.Text("image_url"), Cancel);
        var after = await _annsBrowser.SendFormAsync(here + "/delete", here + "/delete");
        using var gone = await _server.Http.GetAsync(job.Text("image_url"), Cancel);

        Assert.Contains($"<a href=\"{here}\">Keep it</a>", question.Html, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, still.StatusCode);
        Assert.Equal("/gallery", after.Path);
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await _annsBrowser.OpenAsync(here)).Status);
    }

    [Fact]
    public async Task Unfinished_job_cannot_be_deleted_on_its_page()
    {
        var job = await GenerateAsync(new { prompt = "the form to send" });
        var form = (await _annsBrowser.OpenAsync($"/gallery/{job.Text("job_id")}/delete")).HiddenFields($"/gallery/{job.Text("job_id")}/delete");
        var id = (await _ann.CallAsync("generate_image", new { prompt = "slow [latency:100s]" })).Text("job_id");

        var page = await _annsBrowser.PostAsync($"/gallery/{id}/delete", form);

        Assert.Contains("This job is not finished", page.Html, StringComparison.Ordinal);
        Assert.True((await _ann.CallAsync("get_job_status", new { job_id = id })).Success);
    }

    [Fact]
    public async Task Job_whose_image_is_missing_has_a_page_and_can_be_deleted()
    {
        var job = await GenerateAsync(new { prompt = "lost" });
        var key = Path.GetFileName(new Uri(job.Text("image_url")).AbsolutePath);
        await _server.Services.GetRequiredService<IImageStore>().DeleteAsync(ImageKey.Parse(key)!, Cancel);

        var page = await _annsBrowser.OpenAsync("/gallery/" + job.Text("job_id"));
        var after = await _annsBrowser.SendFormAsync($"/gallery/{job.Text("job_id")}/delete", $"/gallery/{job.Text("job_id")}/delete");

        Assert.Equal(HttpStatusCode.OK, page.Status);
        Assert.Equal("/gallery", after.Path);
    }

    [Fact]
    public async Task Job_of_another_owner_returns_the_same_pages_as_an_unknown_job()
    {
        var anns = (await GenerateAsync(new { prompt = "ann's own" })).Text("job_id");
        var unknown = Guid.CreateVersion7().ToString();
        var form = (await _bensBrowser.OpenAsync("/gallery/generate")).HiddenFields("/gallery/generate");

        foreach (var path in new[] { "/gallery/{0}", "/gallery/{0}/delete", "/gallery/{0}/again", "/gallery/{0}/cancel", "/gallery/generate?from={0}" })
            await AssertSameAsync(path, _bensBrowser.OpenAsync);
        foreach (var action in new[] { "again", "cancel", "delete" })
            await AssertSameAsync($"/gallery/{{0}}/{action}", path => _bensBrowser.PostAsync(path, form));
        Assert.Equal("completed", (await _ann.CallAsync("get_job_status", new { job_id = anns })).Text("status"));
        Assert.Equal(1, (await _ann.CallAsync("list_jobs", new { })).Number("total_count"));

        async Task AssertSameAsync(string path, Func<string, Task<VisitedPage>> ask)
        {
            var ofAnn = await ask(path.Replace("{0}", anns, StringComparison.Ordinal));
            var ofNobody = await ask(path.Replace("{0}", unknown, StringComparison.Ordinal));
            Assert.Equal(HttpStatusCode.NotFound, ofAnn.Status);
            Assert.Equal(ofNobody with { Path = "" }, ofAnn with { Path = "" });
        }
    }

    [Fact]
    public async Task Job_page_form_without_an_antiforgery_token_changes_nothing()
    {
        var id = (await GenerateAsync(new { prompt = "to be kept" })).Text("job_id");

        foreach (var action in new[] { "again", "cancel", "delete" })
            Assert.Contains("This page has expired", (await _annsBrowser.PostAsync($"/gallery/{id}/{action}", [])).Html, StringComparison.Ordinal);

        Assert.Equal(1, (await _ann.CallAsync("list_generations", new { })).Number("total_count"));
        Assert.Equal(1, (await _ann.CallAsync("list_jobs", new { })).Number("total_count"));
    }

    private async Task<ToolOutcome> GenerateAsync(object arguments)
    {
        var job = await _ann.CallAsync("generate_image_and_wait", arguments);
        Assert.True(job.Success, job.Raw);
        return job;
    }
}
