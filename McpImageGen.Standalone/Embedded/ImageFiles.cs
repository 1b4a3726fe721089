using McpImageGen.Jobs.Images;

namespace McpImageGen.Standalone.Embedded;

/// <summary>Images as files, spread over 256 folders by the first two digits of their key.</summary>
internal sealed class ImageFiles : IImageStore
{
    private const string Unfinished = ".part";
    private static readonly EnumerationOptions Everywhere = new() { RecurseSubdirectories = true };

    private readonly string _folder;

    /// <param name="folder">Where the images lie; made when missing. What a crash left unfinished in it is removed.</param>
    public ImageFiles(string folder)
    {
        _folder = Directory.CreateDirectory(folder).FullName;
        foreach (var file in Directory.EnumerateFiles(_folder, "*" + Unfinished))
            File.Delete(file);
    }

    /// <inheritdoc/>
    public async Task PutAsync(ImageKey key, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        try
        {
            await WriteAsync(key, bytes, cancellationToken);
        }
        catch (UnauthorizedAccessException exception)
        {
            throw new IOException(exception.Message, exception);
        }
    }

    /// <inheritdoc/>
    public Task<StoredImage?> OpenAsync(ImageKey key, CancellationToken cancellationToken)
    {
        var path = PathOf(key);
        if (!File.Exists(path))
            return Task.FromResult<StoredImage?>(null);
        var options = new FileStreamOptions
        {
            Share = FileShare.Read | FileShare.Delete,
            Options = FileOptions.Asynchronous | FileOptions.SequentialScan,
        };
        try
        {
            return Task.FromResult<StoredImage?>(new StoredImage(new FileStream(path, options), File.GetLastWriteTimeUtc(path)));
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return Task.FromResult<StoredImage?>(null); // removed in the meantime
        }
        catch (UnauthorizedAccessException exception)
        {
            throw new ImageUnreadableException($"The server may not read the file {path}.", exception);
        }
    }

    /// <inheritdoc/>
    public Task DeleteAsync(ImageKey key, CancellationToken cancellationToken)
    {
        try
        {
            foreach (var path in ((IEnumerable<ImageKey>)[key, .. key.Thumbnails]).Select(PathOf).Where(File.Exists))
                File.Delete(path);
            return Task.CompletedTask;
        }
        catch (UnauthorizedAccessException exception)
        {
            throw new IOException(exception.Message, exception);
        }
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<ListedImage> ListAsync(CancellationToken cancellationToken) =>
        (from file in new DirectoryInfo(_folder).EnumerateFiles("*", Everywhere)
         let key = ImageKey.Parse(file.Name)
         where key is not null
         select new ListedImage(key, file.LastWriteTimeUtc)).ToAsyncEnumerable();

    private async Task WriteAsync(ImageKey key, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        var path = PathOf(key);
        var unfinished = Path.Combine(_folder, key + Unfinished);
        var options = new FileStreamOptions
        {
            Mode = FileMode.Create,
            Access = FileAccess.Write,
            Options = FileOptions.Asynchronous,
            BufferSize = 0,
            PreallocationSize = bytes.Length,
        };
        await using (var file = new FileStream(unfinished, options))
        {
            await file.WriteAsync(bytes, cancellationToken);
            file.Flush(flushToDisk: true);
        }

        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.Move(unfinished, path, overwrite: true);
    }

    private string PathOf(ImageKey key)
    {
        var name = key.ToString();
        return Path.Combine(_folder, name[..2], name);
    }
}
