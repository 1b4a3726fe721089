namespace McpImageGen.Tests.Fuzz;

/// <summary>How a request is sent.</summary>
internal enum FuzzEnd
{
    /// <summary>By an HTTP client.</summary>
    Client,

    /// <summary>As bytes, with the control characters that a client does not send.</summary>
    Raw,

    /// <summary>Without its last quarter; the client then closes its side of the connection.</summary>
    Truncated,

    /// <summary>Completely, but the client closes the connection without reading the response.</summary>
    Abandoned,
}
