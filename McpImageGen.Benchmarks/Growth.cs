using System.Diagnostics;
using System.Globalization;
using McpImageGen.Contracts;
using McpImageGen.Jobs.Database.Postgres;
using Microsoft.Extensions.Configuration;

namespace McpImageGen.Benchmarks;

/// <summary>
/// Measures the database queries of the tools, the requeue and housekeeping with few and with many jobs, alternating in one run.
/// Measured at the database client, without HTTP and MCP, which would only improve the ratio.
/// </summary>
internal static class Growth
{
    private const int FewJobs = 1_000;
    private const int ManyJobs = 1_000_000;
    private const int Rounds = 200;
    private const int WarmUp = 20;

    private static readonly Question[] Questions =
    [
        new("get_job_status", history => history.FindAsync()),
        new("list_jobs", history => history.ListAsync(History.MaxJobs, status: null)),
        new("list_jobs failed", history => history.ListAsync(History.MaxJobs, JobStatus.Failed)),
        new("list_jobs processing", history => history.ListAsync(History.MaxJobs, JobStatus.Processing)),
        new("list_generations", history => history.ListAsync(History.MaxJobs, JobStatus.Completed)),
        new("list_jobs of an owner with 20 jobs", history => history.ListAsync(History.FewJobs, status: null)),
        new("list_generations of an owner with 20 jobs", history => history.ListAsync(History.FewJobs, JobStatus.Completed)),
        new("requeue of 50 lost messages", history => history.SendLostAsync(), history => history.LoseMessagesAsync()),
        new("requeue of 50 waiting jobs", history => history.SendWaitingAsync(), history => history.TakeMessagesBackAsync()),
        new("reclaim, nothing to do", history => history.ReclaimAsync()),
        new("retention, nothing to do", history => history.RemoveOldAsync()),
        new("sweep of 500 images", history => history.FindNamesAsync()),
    ];

    public static async Task MeasureAsync(Report report)
    {
        await MeasureAsync(report, "SQLite", History.OnSqliteAsync);
        var settings = new ConfigurationBuilder().AddEnvironmentVariables().Build();
        if (settings.GetConnectionString(PostgresSetup.ConnectionName) is { Length: > 0 } server)
            await MeasureAsync(report, "Postgres", jobs => History.OnPostgresAsync(server, jobs));
        else
            Console.WriteLine("Skipped Postgres because ConnectionStrings__jobs is not set.");
    }

    private static async Task MeasureAsync(Report report, string database, Func<int, Task<History>> openAsync)
    {
        await using var few = await openAsync(FewJobs);
        await using var many = await openAsync(ManyJobs);
        foreach (var question in Questions)
        {
            var amongFew = new List<double>();
            var amongMany = new List<double>();
            for (var round = -WarmUp; round < Rounds; round++)
            {
                var (first, second) = (await TimeAsync(few, question), await TimeAsync(many, question));
                if (round < 0)
                    continue;
                amongFew.Add(first);
                amongMany.Add(second);
            }

            var (before, after) = (Report.Median(amongFew), Report.Median(amongMany));
            var figures = string.Create(
                CultureInfo.InvariantCulture, $"{before:0.00} ms with {FewJobs:n0} jobs, {after:0.00} ms with {ManyJobs:n0}");
            report.Add($"{database}, {question.What}, {figures}, ratio of the medians of {Rounds}", after / before, 2, "×");
        }
    }

    private static async Task<double> TimeAsync(History history, Question question)
    {
        await question.PrepareAsync(history);
        var start = Stopwatch.GetTimestamp();
        await question.AskAsync(history);
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    private sealed record Question(string What, Func<History, Task> AskAsync, Func<History, Task>? Prepare = null)
    {
        public Task PrepareAsync(History history) => Prepare?.Invoke(history) ?? Task.CompletedTask;
    }
}
