namespace McpImageGen.Jobs.Images;

/// <summary>Small texts in the image store that name the databases which use it. No image is named like one.</summary>
public interface IStoreMarkers
{
    /// <summary>The folder, or the start of the object's key, of all markers.</summary>
    const string Folder = "databases";

    /// <summary>All markers: their texts by their names.</summary>
    /// <exception cref="IOException">The store is unavailable; the same call may succeed later.</exception>
    Task<IReadOnlyDictionary<string, string>> ReadMarkersAsync(CancellationToken cancellationToken);

    /// <summary>Writes a whole marker or nothing, in place of one of the same name.</summary>
    /// <param name="name">Letters, digits and hyphens.</param>
    /// <param name="text">What it says.</param>
    /// <exception cref="IOException">The store is unavailable; the same call may succeed later.</exception>
    Task WriteMarkerAsync(string name, string text, CancellationToken cancellationToken);
}
