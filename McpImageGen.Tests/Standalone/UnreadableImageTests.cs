using System.Net;
using McpImageGen.Jobs.Images;
using McpImageGen.Tests.Testing;

namespace McpImageGen.Tests.Standalone;

/// <summary>One image that the server cannot read stops nothing else.</summary>
public sealed class UnreadableImageTests(SharedStandalone standalone) : IClassFixture<SharedStandalone>
{
    private RunningStandalone Server => standalone.Server;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Result_with_previews_lists_an_unreadable_image_and_shows_the_others(bool isDamaged)
    {
        var (good, bad) = (await GenerateAsync(), await GenerateAsync());
        MakeUnreadable(bad, isDamaged);

        var done = await Server.Client.CallAsync(
            "wait_for_completion", new { job_ids = new[] { bad.Text("job_id"), good.Text("job_id") }, inline = true });

        Assert.True(done.Success, done.Raw);
        var inline = done.Json.GetProperty("inline");
        Assert.Equal(good.Text("job_id"), Assert.Single(inline.GetProperty("shown").EnumerateArray()).GetString());
        Assert.Equal(bad.Text("job_id"), Assert.Single(inline.GetProperty("unreadable").EnumerateArray()).GetString());
        Assert.Contains("cannot read", inline.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Single(done.Beside);
    }

    [Theory]
    [InlineData("")]
    [InlineData(".320.jpg")]
    public async Task Link_and_thumbnail_of_an_unreadable_image_return_503_with_the_reason(string suffix)
    {
        var bad = await GenerateAsync();
        MakeUnreadable(bad);

        using var response = await Server.Http.GetAsync(bad.Text("image_url") + suffix, Cancel);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal(
            "The server cannot read this image. Its operator has to check the image store.\n", await response.Content.ReadAsStringAsync(Cancel));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Edit_of_an_unreadable_image_fails_with_input_image_unusable(bool isDamaged)
    {
        var bad = await GenerateAsync();
        MakeUnreadable(bad, isDamaged);

        var edited = await Server.Client.CallAsync(
            "edit_image_and_wait", new { job_ids = new[] { bad.Text("job_id") }, prompt = "make it blue" });

        Assert.False(edited.Success);
        Assert.Equal("input_image_unusable", edited.Text("error_code"));
    }

    [Fact]
    public async Task Resource_of_an_unreadable_image_returns_an_error_with_the_reason()
    {
        var bad = await GenerateAsync();
        MakeUnreadable(bad);

        var answer = await Server.Client.RequestAsync("resources/read", new { uri = $"image://{bad.Text("job_id")}" });

        Assert.Contains("cannot read this image", answer.GetProperty("error").GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Unreadable_image_can_be_deleted()
    {
        var bad = await GenerateAsync();
        MakeUnreadable(bad);

        var deleted = await Server.Client.CallAsync("delete_generation", new { job_id = bad.Text("job_id") });

        Assert.True(deleted.Success, deleted.Raw);
        using var response = await Server.Http.GetAsync(bad.Text("image_url"), Cancel);
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    private async Task<ToolOutcome> GenerateAsync()
    {
        var made = await Server.Client.CallAsync("generate_image_and_wait", new { prompt = "readable or not" });
        Assert.True(made.Success, made.Raw);
        return made;
    }

    private void MakeUnreadable(ToolOutcome made, bool isDamaged = false)
    {
        Requirement.Check(File.Exists("/proc/sys/vm/compact_memory") ? null : "Only Linux has a file that nobody can read.");
        var key = ImageKey.Parse(made.Text("image_url").Split('/')[^1])!.ToString();
        var file = Directory.EnumerateFiles(Server.DataFolder, key, SearchOption.AllDirectories).Single();
        if (isDamaged)
        {
            File.WriteAllText(file, "no image");
            return;
        }

        // A file that not even root may read.
        File.Delete(file);
        File.CreateSymbolicLink(file, "/proc/sys/vm/compact_memory");
    }
}
