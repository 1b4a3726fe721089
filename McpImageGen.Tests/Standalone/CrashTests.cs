using McpImageGen.Tests.Testing;

namespace McpImageGen.Tests.Standalone;

/// <summary>Whatever way the process ends, an accepted job is finished by the next one.</summary>
[Slow]
public sealed class CrashTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Unfinished_jobs_of_a_killed_server_complete_after_the_restart()
    {
        string[] quick, slow;
        Dictionary<string, string> before;
        await using (var first = StandaloneProcess.Start(_folder.Path))
        {
            var client = await first.ReadyAsync();
            quick = await StartAsync(client, "quick", 5);
            slow = await StartAsync(client, "slow [latency:2s]", 15);
            before = ImagesOf(await client.CallAsync("wait_for_completion", new { job_ids = quick }));
            await first.KillAsync();
        }

        await using var second = StandaloneProcess.Start(_folder.Path);
        var again = await second.ReadyAsync();
        var finished = ImagesOf(await again.CallAsync("wait_for_completion", new { job_ids = slow }));
        var kept = ImagesOf(await again.CallAsync("wait_for_completion", new { job_ids = quick }));

        Assert.Equal(slow.Order(), finished.Keys.Order());
        Assert.Equal(before.Select(image => (image.Key, new Uri(image.Value).AbsolutePath)), kept.Select(image => (image.Key, new Uri(image.Value).AbsolutePath)));
        Assert.Equal(20, finished.Values.Concat(kept.Values).Distinct().Count());
        Assert.Equal(20, (await again.CallAsync("list_generations", new { limit = 50 })).Number("total_count"));
        Assert.Equal(20, (await again.CallAsync("list_jobs", new { limit = 50 })).Number("total_count"));
        foreach (var url in finished.Values.Concat(kept.Values))
            Assert.NotEmpty(await again.Http.GetByteArrayAsync(url, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Unfinished_jobs_of_a_stopped_server_complete_after_the_restart()
    {
        string[] ids;
        await using (var first = StandaloneProcess.Start(_folder.Path, "--Worker:DrainFor=00:00:00"))
        {
            ids = await StartAsync(await first.ReadyAsync(), "slow [latency:2s]", 20);
            first.Terminate();
            Assert.Equal(0, await first.ExitCodeAsync());
        }

        await using var second = StandaloneProcess.Start(_folder.Path);
        var again = await second.ReadyAsync();
        var finished = await again.CallAsync("wait_for_completion", new { job_ids = ids });

        Assert.True(finished.Success, finished.Raw);
        var status = await again.CallAsync("get_job_status", new { job_id = ids[0] });
        Assert.Equal(1, status.Number("attempts"));
    }

    [Fact]
    public async Task Pending_wait_gets_a_timed_out_result_when_the_server_stops()
    {
        await using var server = StandaloneProcess.Start(_folder.Path, "--Worker:DrainFor=00:00:00");
        var client = await server.ReadyAsync();
        var id = (await client.CallAsync("generate_image", new { prompt = "slow [latency:1m]" })).Text("job_id");
        using var wait = await StartedWait.BeginAsync(client, id);
        while ((await client.CallAsync("get_job_status", new { job_id = id })).Text("status") != "processing")
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();

        server.Terminate();

        var answer = await wait.AnswerAsync();
        Assert.False(answer.IsError);
        Assert.True(answer.Json.GetProperty("timed_out").GetBoolean());
        Assert.Contains(id, answer.Text("next"), StringComparison.Ordinal);
        Assert.Equal(0, await server.ExitCodeAsync());
    }

    [Fact]
    public async Task Server_killed_during_its_first_start_can_be_started_again()
    {
        var database = Path.Combine(_folder.Path, "jobs.db");
        for (var size = 1; size <= 4; size++)
        {
            await using var killed = StandaloneProcess.Start(_folder.Path);

            // Kills it a little later in the migration each time.
            while (SizeOf(database) + SizeOf(database + "-wal") < size * 4096 && killed.IsRunning)
                await Task.Delay(TimeSpan.FromMilliseconds(1), TestContext.Current.CancellationToken);
            await killed.KillAsync();
        }

        await using var server = StandaloneProcess.Start(_folder.Path);
        var client = await server.ReadyAsync();

        Assert.True((await client.CallAsync("generate_image_and_wait", new { prompt = "after all" })).Success);
    }

    [Fact]
    public async Task Second_server_with_the_same_data_folder_does_not_start()
    {
        await using var first = StandaloneProcess.Start(_folder.Path);
        var client = await first.ReadyAsync();

        await using var second = StandaloneProcess.Start(_folder.Path);

        Assert.Equal(1, await second.ExitCodeAsync());
        Assert.Equal(
            $"McpImageGen cannot start: The data folder {_folder.Path} is in use by the server at {client.Http.BaseAddress!.AbsoluteUri.TrimEnd('/')}. "
            + "Use that server, stop it, or choose another folder with --data DIR.",
            second.Output.Trim());
        Assert.True((await client.CallAsync("list_jobs", new { })).Success);
    }

    [Fact]
    public async Task Second_server_with_the_same_data_folder_does_not_start_even_if_the_lock_file_was_deleted()
    {
        await using var first = StandaloneProcess.Start(_folder.Path);
        var client = await first.ReadyAsync();
        File.Delete(Path.Combine(_folder.Path, "lock"));

        await using var second = StandaloneProcess.Start(_folder.Path);

        Assert.Equal(1, await second.ExitCodeAsync());
        Assert.Contains($"is in use by the server at {client.Http.BaseAddress!.AbsoluteUri.TrimEnd('/')}.", second.Output, StringComparison.Ordinal);
    }

    /// <summary>
    /// A server writes an image whole to <c>images/KEY.part</c>, syncs it, moves it to its place, syncs that folder, and only then completes the job. So a
    /// completed job has its image in its place, even after a power failure, and where the disk does not keep that order, the image is whole in the
    /// file that was not moved.
    /// </summary>
    [Fact]
    public async Task Partially_moved_image_of_a_job_is_recovered_after_a_crash()
    {
        string url, name;
        await using (var first = StandaloneProcess.Start(_folder.Path))
        {
            var client = await first.ReadyAsync();
            url = new Uri((await client.CallAsync("generate_image_and_wait", new { prompt = "a lighthouse" })).Text("image_url")!).AbsolutePath;
            name = url.Split('/')[^1];
            await first.KillAsync();
        }

        var images = Path.Combine(_folder.Path, "images");
        File.Move(Path.Combine(images, name[..2], name), Path.Combine(images, name + ".part"));

        await using var second = StandaloneProcess.Start(_folder.Path);
        var again = await second.ReadyAsync();
        await Until.HoldsAsync(
            () => again.Http.GetAsync(url, TestContext.Current.CancellationToken), answer => answer.IsSuccessStatusCode, "the image is served");
    }

    [Fact]
    public async Task Image_folder_is_synced_after_an_image_is_moved_into_it()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/strace"), "strace shows what is synced, and is not installed.");
        var log = Path.Combine(_folder.Path, "calls");
        await using var server = StandaloneProcess.StartTraced(_folder.Path, log);
        server.Life = TimeSpan.FromMinutes(3);
        var client = await server.ReadyAsync();
        var name = new Uri((await client.CallAsync("generate_image_and_wait", new { prompt = "a lighthouse" })).Text("image_url")!).Segments[^1];
        await server.KillAsync();

        var calls = (await File.ReadAllLinesAsync(log, TestContext.Current.CancellationToken)).ToList();
        var written = calls.FindIndex(call => call.Contains("fsync", StringComparison.Ordinal) && call.Contains($"{name}.part>", StringComparison.Ordinal));
        var moved = calls.FindIndex(call => call.Contains("rename", StringComparison.Ordinal) && call.Contains($"/{name[..2]}/{name}\"", StringComparison.Ordinal));
        var synced = calls.FindLastIndex(call => call.Contains("fsync", StringComparison.Ordinal) && call.Contains($"/images/{name[..2]}>", StringComparison.Ordinal));
        Assert.True(0 <= written && written < moved && moved < synced, $"{written}, {moved}, {synced}");
    }

    private static long SizeOf(string file) => File.Exists(file) ? new FileInfo(file).Length : 0;

    private static async Task<string[]> StartAsync(FetchClient client, string prompt, int count) =>
        [.. (await client.CallAsync("generate_image", new { prompt, count })).List("job_ids").Select(id => id.GetString()!)];

    private static Dictionary<string, string> ImagesOf(ToolOutcome waited)
    {
        Assert.True(waited.Success, waited.Raw);
        return waited.List("results").ToDictionary(
            result => result.GetProperty("job_id").GetString()!, result => result.GetProperty("image_url").GetString()!);
    }
}
