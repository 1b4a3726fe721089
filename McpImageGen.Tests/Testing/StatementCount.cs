using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace McpImageGen.Tests.Testing;

/// <summary>Counts the statements that read rows.</summary>
public sealed class StatementCount : DbCommandInterceptor
{
    private int _count;

    public int Count => Volatile.Read(ref _count);

    public override ValueTask<DbDataReader> ReaderExecutedAsync(
        DbCommand command, CommandExecutedEventData eventData, DbDataReader result, CancellationToken cancellationToken = default)
    {
        Interlocked.Increment(ref _count);
        return ValueTask.FromResult(result);
    }
}
