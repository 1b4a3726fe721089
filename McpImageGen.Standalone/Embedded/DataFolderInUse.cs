namespace McpImageGen.Standalone.Embedded;

/// <summary>Another process is using the data folder.</summary>
internal sealed class DataFolderInUse(string path, LocalServer? holder, Exception? inner) : StartFailure(
    $"The data folder {path} is in use by {(holder is null ? "another server that is still starting" : "the server at " + holder.Address)}. "
    + "Use that server, stop it, or choose another folder with --data DIR.",
    inner)
{
    /// <summary>The server that is using the folder; null if it has not published its address yet.</summary>
    public LocalServer? Holder => holder;
}
