using System.Runtime.CompilerServices;
using McpImageGen.Jobs;

namespace McpImageGen.Tests.Lifecycle;

/// <summary>The tables of docs/job-lifecycle.md.</summary>
internal sealed class LifecycleTable
{
    private readonly HashSet<(string Operation, string From, string To)> _transitions = [];
    private readonly Dictionary<(string Column, string Status), string> _columns = [];

    public static LifecycleTable Read([CallerFilePath] string here = "")
    {
        var table = new LifecycleTable();
        var page = File.ReadAllLines(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "docs", "job-lifecycle.md"));
        string[]? header = null;
        foreach (var line in page)
        {
            if (!line.StartsWith('|'))
            {
                header = null;
                continue;
            }

            string[] cells = [.. line.Split('|')[1..^1].Select(cell => cell.Trim())];
            if (header is null)
                header = cells;
            else if (cells[0].StartsWith('-'))
                continue;
            else if (header[0] == "operation")
                table._transitions.Add((cells[0], cells[1], cells[2]));
            else
                table.AddColumns(header, cells);
        }

        Assert.True(table._transitions.Count > 10 && table._columns.Count > 20, "docs/job-lifecycle.md has no tables.");
        return table;
    }

    public bool Allows(string operation, string from, string to) => _transitions.Contains((operation, from, to));

    /// <summary>Checks which columns of the row are null.</summary>
    public void AssertColumns(GenerationJob job)
    {
        (string Column, object? Value)[] values =
        [
            ("claim", job.Claim), ("worker_id", job.WorkerId), ("lease_until", job.LeaseUntil), ("finished_at", job.FinishedAt), ("image_key", job.ImageKey),
            ("error_code", job.ErrorCode), ("error", job.Error), ("next_attempt_at", job.NextAttemptAt),
        ];
        foreach (var (column, value) in values)
        {
            var expected = _columns[(column, job.Status)];
            Assert.True(
                expected == "any" || expected == (value is null ? "null" : "set"),
                $"'{column}' of a job that is {job.Status} must be {expected}, but is {value ?? "null"}.");
        }
    }

    private void AddColumns(string[] header, string[] cells)
    {
        foreach (var column in cells[0].Split(',').Select(name => name.Trim(' ', '`')))
        {
            for (var i = 1; i < cells.Length; i++)
                _columns.Add((column, header[i]), cells[i]);
        }
    }
}
