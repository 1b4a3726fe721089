using McpImageGen.ServiceDefaults;
using Microsoft.Data.Sqlite;

namespace McpImageGen.Standalone;

/// <summary>Why the server cannot start, in one line that says what to do.</summary>
internal class StartFailure(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>The line for an exception caused by settings or the environment; null for an exception caused by a bug.</summary>
    public static string? Explain(Exception exception) => exception switch
    {
        StartFailure => exception.Message,
        SqliteException => $"The database in the data folder is not usable: {exception.Message} "
            + "Restore a backup of jobs.db, or move jobs.db, jobs.db-wal and jobs.db-shm away to start with an empty database; the images stay in the folder. "
            + "Or choose another folder with --data DIR.",
        IOException or UnauthorizedAccessException => $"{exception.Message} Choose another folder with --data DIR.",
        _ => SettingFailure.Explain(exception),
    };
}
