using System.Text.Json;

namespace McpImageGen.Jobs.Cleanup;

/// <summary>What a database writes into the image store that it uses.</summary>
/// <param name="Since">Images that were stored earlier are never removed by the sweep of this database.</param>
/// <param name="Stamp">The database's newest stamp at that time.</param>
/// <param name="Note">For operators who open the file.</param>
internal sealed record StoreMarker(DateTimeOffset Since, string Stamp, string? Note = null)
{
    private const string Explanation = "Names the McpImageGen database that uses this image store. See docs/deploy.md, section Image store and database.";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>The marker that a text holds, or null when it holds none.</summary>
    public static StoreMarker? Parse(string text)
    {
        try
        {
            return JsonSerializer.Deserialize<StoreMarker>(text, Json) is { Stamp: not null } marker ? marker : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public override string ToString() => JsonSerializer.Serialize(this with { Note = Explanation }, Json);
}
