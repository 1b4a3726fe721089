namespace McpImageGen.Standalone.Embedded;

/// <summary>How other processes of the same user can call a server.</summary>
/// <param name="Address">The address that the server listens on.</param>
/// <param name="Token">A bearer token of the owner <c>default</c>, valid while the server is running.</param>
internal sealed record LocalServer(string Address, string Token);
