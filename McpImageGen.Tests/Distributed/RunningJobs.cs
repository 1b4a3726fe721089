using System.Collections.Concurrent;
using System.Diagnostics;
using McpImageGen.Tests.Testing;

namespace McpImageGen.Tests.Distributed;

/// <summary>
/// Some hundred jobs, some of them generating and the others queued, submitted at both APIs, and calls that wait for them, each at the
/// other API than the one that accepted them. The last five are jobs that Workers AI refuses for good.
/// </summary>
public sealed class RunningJobs
{
    private const int JobsOfOneCall = 20;
    private const int Refused = 5;
    private const int MaxPage = 50;

    private static readonly TimeSpan MaxRecoveryTime = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan BeforeNextAsk = TimeSpan.FromSeconds(1);

    private readonly DistributedSystem _system;
    private readonly List<string> _accepted = [];
    private readonly List<Task<ToolOutcome>> _waits = [];
    private int _brokenWaits;

    private RunningJobs(DistributedSystem system) => _system = system;

    /// <summary>Waits that were not answered because their API was gone; they were asked again at the other one.</summary>
    public int BrokenWaits => _brokenWaits;

    /// <summary>Starts the system, submits the jobs and returns when every worker has some of them.</summary>
    /// <param name="system">The system.</param>
    /// <param name="calls">So many calls, for 20 images each.</param>
    public static async Task<RunningJobs> StartAsync(DistributedSystem system, int calls = 10)
    {
        await system.StartedAsync();
        var jobs = new RunningJobs(system);
        await system.Jobs.NoteFinishesAsync();
        await Task.WhenAll(Enumerable.Range(0, calls).Select(call => jobs.SubmitAsync(call % 2, $"picture {call}", JobsOfOneCall)));
        await jobs.SubmitAsync(0, "refused [fault:prompt-rejected]", Refused);
        var twoWorkers = 2 * int.Parse(system.Settings["Worker__Concurrency"]);
        await system.Emulator.UntilAsync(seen => seen.InProgress > twoWorkers, "every worker has jobs");
        return jobs;
    }

    /// <summary>The answers of all waits, in the order of their ends.</summary>
    public async Task<IReadOnlyList<ToolOutcome>> WaitsAsync() => await Task.WhenAll(_waits).WaitAsync(MaxRecoveryTime);

    /// <summary>Waits until all jobs are finished, for 60 s at most, and counts what became of them.</summary>
    public async Task<Recovery> RecoverAsync(string fault)
    {
        var sinceTheEnd = Stopwatch.StartNew();
        try
        {
            await WaitsAsync();
        }
        catch (TimeoutException)
        {
            // What is not finished is counted below.
        }

        var time = sinceTheEnd.Elapsed;
        var jobs = await ListAsync();
        var completed = jobs.Values.Count(job => job.Status == "completed");
        var failed = jobs.Values.Count(job => job.Status == "failed");
        var seen = await _system.Emulator.StatisticsAsync();
        return new Recovery(
            fault,
            Accepted: _accepted.Count,
            Completed: completed,
            Failed: failed,
            Refused: Refused,
            Lost: _accepted.Count(id => !jobs.ContainsKey(id)),
            FinishedTwice: await _system.Jobs.FinishedTwiceAsync(),
            ImagesMissing: completed - await ImagesAsync(jobs.Values.Select(job => job.ImageUrl).OfType<string>()),
            Stuck: jobs.Count - completed - failed,
            // Who leaves before the answer pays all the same.
            PaidTwice: Math.Max(0, seen.Requests - seen.Failures.Values.Sum() - completed),
            Time: time);
    }

    private async Task SubmitAsync(int api, string prompt, int count)
    {
        var started = await _system.Client(api).CallAsync("generate_image", new { prompt, count });
        Assert.True(started.Success, started.Raw);
        string[] ids = [.. started.List("job_ids").Select(id => id.GetString()!)];
        lock (_accepted)
        {
            _accepted.AddRange(ids);
            _waits.Add(WaitAsync(1 - api, ids));
        }
    }

    /// <summary>Waits as clients do: where the answer says so, it asks again.</summary>
    private async Task<ToolOutcome> WaitAsync(int api, string[] ids)
    {
        var answer = await AskAsync(api, ids);
        while (answer.Fields.Contains("timed_out") || (answer.Fields.Contains("error_code") && answer.Text("error_code") == "database_unavailable"))
        {
            await Task.Delay(BeforeNextAsk, TestContext.Current.CancellationToken);
            answer = await AskAsync(api, ids);
        }

        return answer;
    }

    private async Task<ToolOutcome> AskAsync(int api, string[] ids)
    {
        try
        {
            return await _system.Client(api).CallAsync("wait_for_completion", new { job_ids = ids });
        }
        catch (HttpRequestException)
        {
            Interlocked.Increment(ref _brokenWaits);
            return await _system.Client(1 - api).CallAsync("wait_for_completion", new { job_ids = ids });
        }
    }

    /// <summary>All jobs that the second API knows: the first one may be what was killed.</summary>
    private async Task<Dictionary<string, (string Status, string? ImageUrl)>> ListAsync()
    {
        var jobs = new Dictionary<string, (string, string?)>();
        bool hasMore;
        do
        {
            var page = await _system.Client(1).CallAsync("list_jobs", new { limit = MaxPage, offset = jobs.Count });
            foreach (var job in page.List("jobs"))
                jobs.Add(job.GetProperty("id").GetString()!, (job.GetProperty("status").GetString()!, job.GetProperty("image_url").GetString()));
            hasMore = page.Json.GetProperty("has_more").GetBoolean();
        }
        while (hasMore);
        return jobs;
    }

    /// <summary>How many different images there are at these links.</summary>
    private async Task<int> ImagesAsync(IEnumerable<string> urls)
    {
        var found = new ConcurrentDictionary<string, bool>();
        var options = new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = TestContext.Current.CancellationToken };
        await Parallel.ForEachAsync(urls, options, async (url, cancellationToken) =>
        {
            using var response = await _system.Apis[1].Http.GetAsync(url, cancellationToken);
            if (response.IsSuccessStatusCode && (await response.Content.ReadAsByteArrayAsync(cancellationToken)) is [0xFF, 0xD8, 0xFF, ..])
                found[url] = true;
        });
        return found.Count;
    }
}
