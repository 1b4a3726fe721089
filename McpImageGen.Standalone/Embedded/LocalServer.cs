namespace McpImageGen.Standalone.Embedded;

/// <summary>How other processes of the same user call a server.</summary>
/// <param name="Address">Where it listens.</param>
/// <param name="Token">A bearer token that is good as long as the server runs, of the owner <c>default</c>.</param>
internal sealed record LocalServer(string Address, string Token);
