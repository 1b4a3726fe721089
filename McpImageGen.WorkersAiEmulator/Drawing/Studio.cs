namespace McpImageGen.WorkersAiEmulator.Drawing;

/// <summary>Draws images, at most one per processor at a time, because more would only slow each other down.</summary>
internal sealed class Studio : IDisposable
{
    private readonly SemaphoreSlim _seats = new(Environment.ProcessorCount);

    public async Task<byte[]> DrawAsync(Picture picture, CancellationToken cancellationToken)
    {
        await _seats.WaitAsync(cancellationToken);
        try
        {
            return await Task.Run(() => Painter.Draw(picture), cancellationToken);
        }
        finally
        {
            _seats.Release();
        }
    }

    public void Dispose() => _seats.Dispose();
}
