using McpImageGen.Jobs.Images;

namespace McpImageGen.Standalone.Embedded;

/// <summary>Stores images as files, in 256 folders by the first two digits of their key.</summary>
internal sealed partial class ImageFiles : IImageStore
{
    private const string Unfinished = ".part";

    private readonly string _folder;

    /// <param name="folder">
    /// The folder for the images; created if it does not exist. A file that an earlier process did not move to its place is moved to the trash: if a job
    /// refers to it, it is complete, and the sweep moves it back.
    /// </param>
    public ImageFiles(string folder)
    {
        _folder = UnixFiles.CreateFolder(folder).FullName;
        foreach (var file in Directory.EnumerateFiles(_folder, "*" + Unfinished))
        {
            if (ImageKey.Parse(Path.GetFileNameWithoutExtension(file)) is { ThumbnailSide: null } key)
                Move(file, PathOf(new DiscardedImage(key, DateOnly.FromDateTime(DateTime.UtcNow))));
            else
                File.Delete(file);
        }
    }

    /// <inheritdoc/>
    public Task PutAsync(ImageKey key, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) =>
        AccessAsync(() => WriteAsync(PathOf(key), key.ToString(), bytes, cancellationToken));

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
        (from folder in new DirectoryInfo(_folder).EnumerateDirectories("??") // not the trash, not the markers
         from file in folder.EnumerateFiles()
         let key = ImageKey.Parse(file.Name)
         where key is not null
         select new ListedImage(key, file.LastWriteTimeUtc)).ToAsyncEnumerable();

    /// <summary>Writes a whole file or nothing.</summary>
    private async Task WriteAsync(string path, string unfinishedName, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        var unfinished = Path.Combine(_folder, unfinishedName + Unfinished);
        var options = new FileStreamOptions
        {
            Mode = FileMode.Create,
            Access = FileAccess.Write,
            Options = FileOptions.Asynchronous,
            BufferSize = 0,
            PreallocationSize = bytes.Length,
        };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFiles.PrivateFile;
        await using (var file = new FileStream(unfinished, options))
        {
            await file.WriteAsync(bytes, cancellationToken);
            file.Flush(flushToDisk: true);
        }

        Place(unfinished, path);
    }

    /// <summary>Moves a file, so that it is in its new place even after a power failure.</summary>
    private static void Place(string file, string path)
    {
        var folder = Path.GetDirectoryName(path)!;
        var isNew = !Directory.Exists(folder);
        UnixFiles.CreateFolder(folder);
        File.Move(file, path, overwrite: true);
        UnixFiles.SyncFolder(folder);
        if (isNew)
            UnixFiles.SyncFolder(Path.GetDirectoryName(folder)!);
    }

    /// <summary>Moves a file; does nothing when there is none any more.</summary>
    private static void Move(string from, string to)
    {
        try
        {
            if (File.Exists(from))
                Place(from, to);
        }
        catch (FileNotFoundException)
        {
            // Somebody else was faster.
        }
    }

    private string PathOf(ImageKey key)
    {
        var name = key.ToString();
        return Path.Combine(_folder, name[..2], name);
    }
}
