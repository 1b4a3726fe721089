using System.Text;
using McpImageGen.Jobs.Images;

namespace McpImageGen.Standalone.Embedded;

/// <summary>The markers, as files in <c>databases</c>, and the trash, as <c>trash/DAY/KEY</c>, beside the images' folders.</summary>
internal sealed partial class ImageFiles : IStoreMarkers, IImageTrash
{
    /// <summary>More than what a full disk may still have room for in a folder of its own.</summary>
    private const int ProbeLength = 64 * 1024;

    /// <summary>Held while an image is moved to or from the trash, so that none is restored and deleted at the same time. One process has the folder.</summary>
    private readonly Lock _trash = new();

    private string MarkersFolder => Path.Combine(_folder, IStoreMarkers.Folder);

    private string TrashFolder => Path.Combine(_folder, DiscardedImage.Folder);

    /// <inheritdoc/>
    public async Task<IReadOnlyDictionary<string, string>> ReadMarkersAsync(CancellationToken cancellationToken)
    {
        var markers = new Dictionary<string, string>();
        foreach (var file in Directory.Exists(MarkersFolder) ? Directory.EnumerateFiles(MarkersFolder) : [])
            markers.Add(Path.GetFileName(file), await File.ReadAllTextAsync(file, cancellationToken));
        return markers;
    }

    /// <inheritdoc/>
    public Task WriteMarkerAsync(string name, string text, CancellationToken cancellationToken) =>
        AccessAsync(() => WriteAsync(
            Path.Combine(MarkersFolder, name), unfinishedName: Path.GetRandomFileName(), Encoding.UTF8.GetBytes(text), cancellationToken));

    /// <inheritdoc/>
    public Task CheckAsync(CancellationToken cancellationToken) =>
        Directory.Exists(_folder) ? Task.CompletedTask : throw new DirectoryNotFoundException($"The folder {_folder} is not there.");

    /// <inheritdoc/>
    public Task ProbeAsync(CancellationToken cancellationToken) => AccessAsync(() => WriteAsync(
        Path.Combine(_folder, "write-test"), unfinishedName: Path.GetRandomFileName(), new byte[ProbeLength], cancellationToken));

    /// <inheritdoc/>
    public Task DiscardAsync(ImageKey image, DateOnly day, CancellationToken cancellationToken) => AccessAsync(() =>
    {
        lock (_trash)
        {
            Move(PathOf(image), PathOf(new DiscardedImage(image, day)));
            return DeleteAsync(image, cancellationToken);
        }
    });

    /// <inheritdoc/>
    public IAsyncEnumerable<DiscardedImage> ListDiscardedAsync(CancellationToken cancellationToken) =>
        (from day in Directory.Exists(TrashFolder) ? new DirectoryInfo(TrashFolder).EnumerateDirectories() : []
         from file in day.EnumerateFiles()
         let image = DiscardedImage.Parse(day.Name, file.Name)
         where image is not null
         select image).ToAsyncEnumerable();

    /// <inheritdoc/>
    public async Task<bool> RestoreAsync(DiscardedImage image, CancellationToken cancellationToken)
    {
        var restored = false;
        await AccessAsync(() =>
        {
            lock (_trash)
            {
                restored = !File.Exists(PathOf(image.Key)) && File.Exists(PathOf(image));
                if (restored)
                    Move(PathOf(image), PathOf(image.Key));
                RemoveIfEmpty(image);
            }

            return Task.CompletedTask;
        });
        return restored;
    }

    /// <inheritdoc/>
    public Task DeleteDiscardedAsync(DiscardedImage image, CancellationToken cancellationToken) => AccessAsync(() =>
    {
        lock (_trash)
        {
            var path = PathOf(image);
            if (File.Exists(path))
                File.Delete(path);
            RemoveIfEmpty(image);
        }

        return Task.CompletedTask;
    });

    /// <summary>Removes the folder of the day if it is empty.</summary>
    private void RemoveIfEmpty(DiscardedImage image)
    {
        var day = Path.GetDirectoryName(PathOf(image))!;
        if (Directory.Exists(day) && !Directory.EnumerateFileSystemEntries(day).Any())
            Directory.Delete(day);
    }

    /// <summary>Tells what an operator has to correct from what may pass.</summary>
    private static async Task AccessAsync(Func<Task> access)
    {
        try
        {
            await access();
        }
        catch (Exception exception) when (exception is UnauthorizedAccessException or IOException { HResult: UnixFiles.ReadOnlyFileSystem })
        {
            throw new ImageStoreRefusedException(exception.Message, exception);
        }
    }

    private string PathOf(DiscardedImage image) => Path.Combine(TrashFolder, image.DayName, image.Key.ToString());
}
