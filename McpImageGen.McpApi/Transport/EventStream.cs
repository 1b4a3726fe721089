namespace McpImageGen.McpApi.Transport;

/// <summary>A response of server-sent events. Comments can be written between two events, but never inside an event.</summary>
internal sealed class EventStream(Stream client) : Stream
{
    private static readonly byte[] Comment = ": keep-alive\n\n"u8.ToArray();

    private readonly SemaphoreSlim _turn = new(1, 1);

    /// <summary>The last two bytes written; two line feeds end an event.</summary>
    private (byte BeforeLast, byte Last) _end = ((byte)'\n', (byte)'\n');

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public static bool IsTypeOf(HttpResponse response) =>
        response.ContentType?.StartsWith("text/event-stream", StringComparison.OrdinalIgnoreCase) is true;

    /// <summary>Tells proxies not to buffer the response: otherwise nginx buffers it until its read timeout ends the stream.</summary>
    public static void PassUnbuffered(HttpResponse response) => response.Headers["X-Accel-Buffering"] = "no";

    /// <summary>The data of the last event in a complete stream; empty if there is none.</summary>
    public static ReadOnlyMemory<byte> LastData(ReadOnlyMemory<byte> events)
    {
        var start = events.Span.LastIndexOf("data: "u8);
        while (start > 0 && events.Span[start - 1] != (byte)'\n')
            start = events.Span[..start].LastIndexOf("data: "u8);
        if (start < 0)
            return default;
        var data = events[(start + "data: "u8.Length)..];
        var end = data.Span.IndexOf((byte)'\n');
        return end < 0 ? data : data[..end];
    }

    /// <summary>Writes a comment, unless an event is incomplete.</summary>
    public async Task KeepAliveAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            if (_end is not ((byte)'\n', (byte)'\n'))
                return;
            await client.WriteAsync(Comment, cancellationToken);
            await client.FlushAsync(cancellationToken);
        }
        finally
        {
            _turn.Release();
        }
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.IsEmpty)
            return;
        await _turn.WaitAsync(cancellationToken);
        try
        {
            _end = (buffer.Length > 1 ? buffer.Span[^2] : _end.Last, buffer.Span[^1]);
            await client.WriteAsync(buffer, cancellationToken);
        }
        finally
        {
            _turn.Release();
        }
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override async Task FlushAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            await client.FlushAsync(cancellationToken);
        }
        finally
        {
            _turn.Release();
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush() => throw new NotSupportedException();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _turn.Dispose();
        base.Dispose(disposing);
    }
}
