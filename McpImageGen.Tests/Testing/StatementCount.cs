using System.Collections.Concurrent;
using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace McpImageGen.Tests.Testing;

/// <summary>Counts the statements that read rows.</summary>
public sealed class StatementCount : DbCommandInterceptor
{
    private readonly ConcurrentQueue<string> _statements = new();

    public int Count => _statements.Count;

    /// <summary>The number of statements that contain the text.</summary>
    public int CountOf(string text) => _statements.Count(statement => statement.Contains(text, StringComparison.Ordinal));

    public override ValueTask<DbDataReader> ReaderExecutedAsync(
        DbCommand command, CommandExecutedEventData eventData, DbDataReader result, CancellationToken cancellationToken = default)
    {
        _statements.Enqueue(command.CommandText);
        return ValueTask.FromResult(result);
    }
}
