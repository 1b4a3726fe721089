using System.Net;
using System.Runtime.CompilerServices;
using System.Text;
using Amazon.S3;
using Amazon.S3.Model;

namespace McpImageGen.Jobs.Images;

/// <summary>The markers, as <c>databases/NAME</c>, and the trash, as <c>trash/DAY/KEY</c>, in the same bucket.</summary>
public sealed partial class S3Images : IStoreMarkers, IImageTrash
{
    private const string Markers = IStoreMarkers.Folder + "/";
    private const string Trash = DiscardedImage.Folder + "/";

    /// <inheritdoc/>
    public async Task<IReadOnlyDictionary<string, string>> ReadMarkersAsync(CancellationToken cancellationToken)
    {
        var markers = new Dictionary<string, string>();
        await foreach (var item in ListAsync(Markers, cancellationToken))
        {
            if (item.Key.Length > Markers.Length && await ReadTextAsync(item.Key, cancellationToken) is { } text)
                markers.Add(item.Key[Markers.Length..], text);
        }

        return markers;
    }

    /// <inheritdoc/>
    public Task WriteMarkerAsync(string name, string text, CancellationToken cancellationToken) =>
        WriteTextAsync(Markers + name, text, cancellationToken);

    /// <inheritdoc/>
    public Task ProbeAsync(CancellationToken cancellationToken) =>
        WriteTextAsync("write-test", "McpImageGen writes this object to find out whether it may store images.", cancellationToken);

    /// <inheritdoc/>
    public async Task DiscardAsync(ImageKey image, DateOnly day, CancellationToken cancellationToken)
    {
        await CopyAsync(image.ToString(), NameOf(new DiscardedImage(image, day)), cancellationToken);
        await DeleteAsync(image, cancellationToken);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<DiscardedImage> ListDiscardedAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var item in ListAsync(Trash, cancellationToken))
        {
            if (item.Key.Split('/') is [_, var day, var name] && DiscardedImage.Parse(day, name) is { } image)
                yield return image;
        }
    }

    /// <inheritdoc/>
    public async Task<bool> RestoreAsync(DiscardedImage image, CancellationToken cancellationToken)
    {
        var place = image.Key.ToString();
        var found = await FindAsync(() => _client.GetObjectMetadataAsync(_connection.Bucket, place, cancellationToken), cancellationToken);
        return found is null && await CopyAsync(NameOf(image), place, cancellationToken) is not null;
    }

    /// <inheritdoc/>
    public Task DeleteDiscardedAsync(DiscardedImage image, CancellationToken cancellationToken) =>
        FindAsync(() => _client.DeleteObjectAsync(_connection.Bucket, NameOf(image), cancellationToken), cancellationToken);

    private async Task WriteTextAsync(string key, string text, CancellationToken cancellationToken)
    {
        using var content = new MemoryStream(Encoding.UTF8.GetBytes(text));
        await SendAsync(NewPut(key, content, "text/plain; charset=utf-8"), cancellationToken);
    }

    private async Task<string?> ReadTextAsync(string key, CancellationToken cancellationToken)
    {
        string? text = null;
        await AskAsync(async () =>
        {
            try
            {
                using var response = await _client.GetObjectAsync(_connection.Bucket, key, cancellationToken);
                using var reader = new StreamReader(response.ResponseStream);
                text = await reader.ReadToEndAsync(cancellationToken);
            }
            catch (AmazonS3Exception exception) when (exception.StatusCode == HttpStatusCode.NotFound)
            {
                // Deleted meanwhile.
            }
        }, cancellationToken);
        return text;
    }

    /// <summary>Copies an object with its type; does nothing when there is none.</summary>
    private Task<CopyObjectResponse?> CopyAsync(string from, string to, CancellationToken cancellationToken) =>
        FindAsync(() => _client.CopyObjectAsync(_connection.Bucket, from, _connection.Bucket, to, cancellationToken), cancellationToken);

    private static string NameOf(DiscardedImage image) => $"{Trash}{image.DayName}/{image.Key}";
}
