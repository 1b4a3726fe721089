namespace McpImageGen.Tests.Clients;

/// <summary>Writes what each client did into the file that the variable <c>CLIENTS_TABLE</c> names, in place of its table; clients.sh sets it.</summary>
public sealed class ClientsTable : IDisposable
{
    private const string Head = "| client | version | protocol | what it did |\n|---|---|---|---|\n";

    private readonly List<string> _lines = [];

    public void Add(string client, string version, string? protocol, string did) =>
        _lines.Add($"| {client} | {version} | {protocol ?? "–"} | {did} |\n");

    public void Dispose()
    {
        if (Environment.GetEnvironmentVariable("CLIENTS_TABLE") is not { Length: > 0 } file)
            return;
        var text = File.ReadAllText(file);
        var start = text.IndexOf(Head, StringComparison.Ordinal);
        File.WriteAllText(file, text[..(start < 0 ? text.Length : start)] + Head + string.Concat(_lines.Order(StringComparer.Ordinal)));
    }
}
