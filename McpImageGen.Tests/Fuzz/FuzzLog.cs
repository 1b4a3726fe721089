using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace McpImageGen.Tests.Fuzz;

/// <summary>Reads the server's log and keeps the lines that it must not contain: errors, exceptions, and lines with a secret.</summary>
internal sealed class FuzzLog(string[] secrets) : ILoggerProvider
{
    private readonly ConcurrentQueue<string> _wrong = new();

    public IReadOnlyCollection<string> Wrong => _wrong;

    public ILogger CreateLogger(string categoryName) => new Logger(_wrong, secrets, categoryName);

    public void Dispose()
    {
    }

    private sealed class Logger(ConcurrentQueue<string> wrong, string[] secrets, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (!IsEnabled(logLevel))
                return;
            var line = $"{logLevel} {category}: {formatter(state, exception)} {exception}";
            if (logLevel >= LogLevel.Error || exception is not null || secrets.Any(secret => line.Contains(secret, StringComparison.Ordinal)))
                wrong.Enqueue(line);
        }
    }
}
