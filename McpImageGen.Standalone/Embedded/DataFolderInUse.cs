namespace McpImageGen.Standalone.Embedded;

/// <summary>Another process has the data folder.</summary>
internal sealed class DataFolderInUse(string path, LocalServer? holder, Exception? inner) : StartFailure(
    $"The data folder {path} is in use by {(holder is null ? "another server that is just starting" : "the server at " + holder.Address)}. "
    + "Use that one, stop it, or choose another folder with --data DIR.",
    inner)
{
    /// <summary>Who has it; null while that one has not said so yet.</summary>
    public LocalServer? Holder => holder;
}
