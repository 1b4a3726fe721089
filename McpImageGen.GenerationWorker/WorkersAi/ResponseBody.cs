namespace McpImageGen.GenerationWorker.WorkersAi;

/// <summary>A response body, read up to a limit. HttpClient's own limit would apply to every response, including errors, and throw.</summary>
/// <param name="Bytes">The body, or the first part of one that is too long.</param>
/// <param name="IsWhole">False if the body exceeded the limit.</param>
internal readonly record struct ResponseBody(ReadOnlyMemory<byte> Bytes, bool IsWhole)
{
    private const int FirstGuess = 256 * 1024;

    public static async Task<ResponseBody> ReadAsync(HttpContent content, int limit, CancellationToken cancellationToken)
    {
        await using var stream = await content.ReadAsStreamAsync(cancellationToken);
        // One byte more than announced, so that the end is detected without growing the buffer: usually there is a single allocation.
        var buffer = new byte[(int)Math.Min(content.Headers.ContentLength ?? FirstGuess, limit) + 1];
        var length = 0;
        while (true)
        {
            var read = await stream.ReadAsync(buffer.AsMemory(length), cancellationToken);
            if (read == 0)
                return new ResponseBody(buffer.AsMemory(0, length), IsWhole: true);
            length += read;
            if (length > limit)
                return new ResponseBody(buffer.AsMemory(0, limit), IsWhole: false);
            if (length == buffer.Length)
                Array.Resize(ref buffer, Math.Min(buffer.Length * 2, limit + 1));
        }
    }
}
