using McpImageGen.Tests.Testing;

namespace McpImageGen.Tests.AppHost;

/// <summary>The shared AppHost, stopped and started again on the same volumes and with the same passwords after it has made some images.</summary>
public sealed class RestartedAppHost(SharedAppHost shared)
{
    private Task<RunningAppHost>? _restarted;

    /// <summary>The jobs that were there before, those of the images first.</summary>
    public IReadOnlyList<string> Jobs { get; private set; } = [];

    /// <summary>The images of the first of them.</summary>
    public IReadOnlyList<byte[]> Images { get; private set; } = [];

    /// <summary>Restarts it when the first test asks for it; without Docker that test is skipped.</summary>
    public Task<RunningAppHost> RestartedAsync() => _restarted ??= RestartAsync();

    /// <summary>The images of finished jobs, by the links that the answer has now.</summary>
    public static async Task<IReadOnlyList<byte[]>> ImagesAsync(FetchClient client, IEnumerable<string> jobs)
    {
        var done = await client.CallAsync("wait_for_completion", new { job_ids = jobs });
        Assert.True(done.Success, done.Raw);
        return await Task.WhenAll(done.List("results").Select(result => client.Http.GetByteArrayAsync(
            result.GetProperty("image_url").GetString(), TestContext.Current.CancellationToken)));
    }

    private async Task<RunningAppHost> RestartAsync()
    {
        var before = await shared.StartedAsync();
        var started = await before.Client.CallAsync("generate_image", new { prompt = "still there", count = 3 });
        Jobs = [.. started.List("job_ids").Select(id => id.GetString()!)];
        Images = await ImagesAsync(before.Client, Jobs);
        var failed = await before.Client.CallAsync("generate_image_and_wait", new { prompt = "refused [fault:prompt-rejected]" });
        Jobs = [.. Jobs, failed.Text("job_id")];
        return await shared.RestartedAsync();
    }
}
