using System.Net;
using McpImageGen.Contracts.Models;
using McpImageGen.Tests.Testing;

namespace McpImageGen.Tests.Pages;

/// <summary>Asking for images on a page.</summary>
public sealed class GeneratePageTests(GeneratePageTests.LimitedServer standalone) : IClassFixture<GeneratePageTests.LimitedServer>, IAsyncLifetime
{
    private const string Generate = "/gallery/generate";

    private SignedInClient _browser = null!;

    private FetchClient Client { get; } = standalone.NewOwner();

    public async ValueTask InitializeAsync() => _browser = await SignedInClient.OfAsync(standalone.Server.Http.BaseAddress!, Client.Token);

    public ValueTask DisposeAsync()
    {
        _browser.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Form_submits_the_requested_number_of_jobs_with_consecutive_seeds()
    {
        var gallery = await _browser.SendFormAsync(
            Generate, Generate, ("prompt", "three lighthouses"), ("model", "sdxl-lightning"), ("count", "3"), ("seed", "41"), ("width", "512"),
            ("height", ""), ("guidance", "6.5"), ("negative_prompt", "people"));

        Assert.Equal("/gallery", gallery.Path);
        var jobs = await JobsAsync();
        Assert.Equal(3, jobs.Count);
        Assert.All(jobs, job => Assert.Equal("three lighthouses", job.Text("prompt")));
        var pages = new List<string>();
        foreach (var job in jobs)
            pages.Add((await _browser.OpenAsync("/gallery/" + job.Text("id"))).Html);
        foreach (var seed in new[] { 41, 42, 43 })
            Assert.Single(pages, page => page.Contains($"<dd>{seed}</dd>", StringComparison.Ordinal));
        Assert.All(pages, page => Assert.Matches(@"<dt>Guidance</dt>\s*<dd>6\.5</dd>", page));
    }

    [Fact]
    public async Task Form_with_an_aspect_ratio_submits_a_job_of_that_shape_which_a_new_form_repeats_by_its_size()
    {
        await _browser.SendFormAsync(Generate, Generate, ("prompt", "a wide river"), ("model", "lucid-origin"), ("aspect_ratio", "16:9"));

        var job = Assert.Single(await JobsAsync());
        var page = await _browser.OpenAsync("/gallery/" + job.Text("id"));
        Assert.Matches(@"<dt>Width</dt>\s*<dd>1496</dd>", page.Html);
        var form = await _browser.OpenAsync($"{Generate}?from={job.Text("id")}");
        Assert.Contains("value=\"1496\"", form.Html, StringComparison.Ordinal);
        Assert.DoesNotMatch("<option[^>]* selected[^>]*>16:9", form.Html);
    }

    [Fact]
    public async Task Rejected_aspect_ratio_stays_selected_and_is_explained()
    {
        var rejected = await _browser.SendFormAsync(
            Generate, Generate, ("prompt", "a wide river"), ("model", "lucid-origin"), ("aspect_ratio", "16:9"), ("width", "512"));

        Assert.Contains("&#x27;aspect_ratio&#x27; cannot be combined with", rejected.Html, StringComparison.Ordinal);
        Assert.Matches("<option[^>]* selected[^>]*>16:9", rejected.Html);
    }

    [Fact]
    public async Task Form_that_is_sent_several_times_submits_its_jobs_once()
    {
        var form = (await _browser.OpenAsync(Generate)).HiddenFields(Generate);

        await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => _browser.PostAsync(Generate, form, ("prompt", "only once"), ("count", "2"))));

        Assert.Equal(2, (await JobsAsync()).Count);
    }

    [Fact]
    public async Task Form_sent_again_with_different_values_requires_confirmation()
    {
        var form = (await _browser.OpenAsync(Generate)).HiddenFields(Generate);
        await _browser.PostAsync(Generate, form, ("prompt", "the first"));

        var asked = await _browser.PostAsync(Generate, form, ("prompt", "the second"));
        var gallery = await _browser.PostAsync(Generate, asked.HiddenFields(Generate), ("prompt", "the second"));

        Assert.Contains("This form was already submitted with different values.", asked.Html, StringComparison.Ordinal);
        Assert.Contains(">the second</textarea>", asked.Html, StringComparison.Ordinal);
        Assert.Equal("/gallery", gallery.Path);
        Assert.Equal(2, (await JobsAsync()).Count);
    }

    [Theory]
    [InlineData("prompt", "ab", "'prompt' must be a string of 3 to 1000 characters, but has 2 characters.")]
    [InlineData("prompt", "", "'prompt' must be a string of 3 to 1000 characters, but has 0 characters.")]
    [InlineData("count", "21", "'count' must be an integer from 1 to 20, but was 21.")]
    [InlineData("count", "many", "'count' must be an integer from 1 to 20, but was \"many\".")]
    [InlineData("model", "dall-e", "'model' must be one of flux-schnell")]
    [InlineData("steps", "9", "'steps' must be from 1 to 8 for flux-schnell, but was 9.")]
    [InlineData("width", "512", "flux-schnell does not support 'width': it always generates 1024×1024 images.")]
    [InlineData("seed", "1e400", "'seed' must be an integer")]
    [InlineData("guidance", "NaN", "'guidance' must be a number")]
    public async Task Rejected_form_shows_the_reason_and_keeps_its_values(string field, string value, string reason)
    {
        (string Name, string Value)[] typed = [("prompt", "a lighthouse & \"more\""), ("count", "2"), ("steps", "3"), ("height", ""), ("negative_prompt", "")];

        var page = await _browser.SendFormAsync(Generate, Generate, [.. typed.Where(other => other.Name != field), (field, value)]);

        Assert.Equal((Generate, HttpStatusCode.OK), (page.Path, page.Status));
        Assert.Contains(reason, page.Text, StringComparison.Ordinal);
        Assert.Matches($"id=\"{field}\"[^>]* aria-invalid=\"true\"", page.Html);
        if (field != "prompt")
            Assert.Contains(">a lighthouse & \"more\"</textarea>", page.Text, StringComparison.Ordinal);
        if (field is not ("model" or "prompt"))
            Assert.Contains($"value=\"{value}\"", page.Html, StringComparison.Ordinal);
        Assert.Empty(await JobsAsync());
    }

    [Fact]
    public async Task Line_break_in_a_prompt_counts_as_one_character()
    {
        var prompt = string.Join("\r\n", Enumerable.Repeat("123456789", 100));

        var gallery = await _browser.SendFormAsync(Generate, Generate, ("prompt", prompt + "!"));

        Assert.Equal("/gallery", gallery.Path);
        Assert.Equal(1000, Assert.Single(await JobsAsync()).Text("prompt").Length);
    }

    [Fact]
    public async Task Form_over_the_limit_of_unfinished_images_shows_the_limit_and_keeps_its_values()
    {
        await _browser.SendFormAsync(Generate, Generate, ("prompt", "slow [latency:100s]"), ("count", "20"));

        var page = await _browser.SendFormAsync(Generate, Generate, ("prompt", "one too many"));

        Assert.Contains("You have 20 unfinished images and the limit is 20", page.Html, StringComparison.Ordinal);
        Assert.Contains(">one too many</textarea>", page.Html, StringComparison.Ordinal);
        Assert.Equal(20, (await JobsAsync()).Count);
    }

    [Fact]
    public async Task Generate_form_without_an_antiforgery_token_submits_nothing_and_keeps_its_values()
    {
        var page = await _browser.PostAsync(Generate, [], ("prompt", "not mine"));

        Assert.Contains("This page has expired", page.Html, StringComparison.Ordinal);
        Assert.Contains(">not mine</textarea>", page.Html, StringComparison.Ordinal);
        Assert.Empty(await JobsAsync());
    }

    [Fact]
    public async Task Generate_page_lists_every_model_and_the_models_of_every_parameter()
    {
        var page = await _browser.OpenAsync(Generate);

        foreach (var model in ImageModel.All)
        {
            Assert.Contains($"<option value=\"{model.Name}\"", page.Html, StringComparison.Ordinal);
            Assert.All(model.Parameters, parameter =>
                Assert.Matches($"<small id=\"{parameter.Name}-help\">(?s:(?!</small>).)*data-models=\"[^\"]*\\b{model.Name}\\b", page.Html));
        }

        Assert.Matches(@"flux-schnell:</span>\s*1 to 8; default: 4", page.Html);
    }

    [Fact]
    public async Task Generate_page_can_be_prefilled_from_an_earlier_job()
    {
        var id = (await Client.CallAsync("generate_image", new { prompt = "a lighthouse", model = "phoenix", steps = 12, seed = 5 })).Text("job_id");

        var page = await _browser.OpenAsync($"{Generate}?from={id}");

        Assert.Contains(">a lighthouse</textarea>", page.Html, StringComparison.Ordinal);
        Assert.Contains("<option value=\"phoenix\" selected", page.Html, StringComparison.Ordinal);
        Assert.Matches("name=\"steps\"[^>]* value=\"12\"", page.Html);
        Assert.DoesNotMatch("name=\"seed\"[^>]* value=\"5\"", page.Html);
    }

    private async Task<IReadOnlyList<ToolOutcome>> JobsAsync() =>
        [.. (await Client.CallAsync("list_jobs", new { limit = 50 })).List("jobs").Select(job => new ToolOutcome(false, job.GetRawText(), job, []))];

    public sealed class LimitedServer : SharedStandalone
    {
        protected override IEnumerable<string> Settings => ["--Jobs:UnfinishedPerOwner=20"];
    }
}
