namespace McpImageGen.Jobs.Database.Postgres;

/// <summary>
/// Makes calls that lock the same owner wait for each other in this process. If they waited in the database, each would hold a connection, and none
/// would be left for other owners.
/// </summary>
internal sealed class OwnerLocks(TimeProvider time)
{
    private readonly Dictionary<string, Line> _lines = [];

    /// <summary>Waits for the owner's turn, which lasts until the result is disposed.</summary>
    public async ValueTask<IDisposable> EnterAsync(string owner, CancellationToken cancellationToken)
    {
        var line = Join(owner);
        try
        {
            return new Turn(await line.Queue.EnterAsync(cancellationToken), () => Leave(owner, line));
        }
        catch
        {
            Leave(owner, line);
            throw;
        }
    }

    private Line Join(string owner)
    {
        lock (_lines)
        {
            if (!_lines.TryGetValue(owner, out var line))
                _lines[owner] = line = new Line(new ConnectionLimiter(1, time));
            line.Calls++;
            return line;
        }
    }

    private void Leave(string owner, Line line)
    {
        lock (_lines)
        {
            if (--line.Calls == 0)
                _lines.Remove(owner);
        }
    }

    private sealed class Line(ConnectionLimiter queue)
    {
        public ConnectionLimiter Queue => queue;

        public int Calls { get; set; }
    }

    private sealed class Turn(IDisposable inner, Action leave) : IDisposable
    {
        public void Dispose()
        {
            inner.Dispose();
            leave();
        }
    }
}
