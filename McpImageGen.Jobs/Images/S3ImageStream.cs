namespace McpImageGen.Jobs.Images;

/// <summary>
/// Streams an image from the store. The first read, and the first read after a seek, requests the image from the current position;
/// so to read a range, seek to it: the bytes before it are not transferred.
/// </summary>
/// <param name="length">The image's length in bytes.</param>
/// <param name="open">Opens the image from a position.</param>
internal sealed class S3ImageStream(long length, Func<long, CancellationToken, Task<Stream>> open) : Stream
{
    private static readonly TimeSpan ReadLimit = TimeSpan.FromSeconds(15);

    private Stream? _source;
    private long _sourcePosition;
    private long _position;
    private bool _disposed;

    public override bool CanRead => !_disposed;

    public override bool CanSeek => !_disposed;

    public override bool CanWrite => false;

    public override long Length => length;

    public override long Position
    {
        get => _position;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            _position = value;
        }
    }

    public override long Seek(long offset, SeekOrigin origin) => Position = offset + origin switch
    {
        SeekOrigin.Begin => 0,
        SeekOrigin.Current => _position,
        _ => length,
    };

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_position >= length || buffer.IsEmpty)
            return 0;
        try
        {
            var source = await SourceAsync(cancellationToken);
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(ReadLimit);
            var read = await source.ReadAsync(buffer, limit.Token);
            if (read == 0)
                throw new EndOfStreamException("The image store closed the connection before the end of the image.");
            _position += read;
            _sourcePosition += read;
            return read;
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new IOException($"The image store sent no data for {ReadLimit.TotalSeconds} s.", exception);
        }
        catch (HttpRequestException exception)
        {
            throw new IOException($"The connection to the image store was lost: {exception.Message}", exception);
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Images can only be read asynchronously.");

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    protected override void Dispose(bool disposing)
    {
        _disposed = true;
        if (disposing)
            _source?.Dispose();
        base.Dispose(disposing);
    }

    private async Task<Stream> SourceAsync(CancellationToken cancellationToken)
    {
        if (_source is { } source && _sourcePosition == _position)
            return source;
        _source?.Dispose();
        _source = null;
        _source = await open(_position, cancellationToken);
        _sourcePosition = _position;
        return _source;
    }
}
