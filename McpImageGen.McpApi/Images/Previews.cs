namespace McpImageGen.McpApi.Images;

/// <summary>The previews that are attached to a result.</summary>
/// <param name="Shown">The attached previews, in the order of the jobs.</param>
/// <param name="LeftOut">The jobs whose images did not fit or could not be read now.</param>
/// <param name="Unreadable">The jobs whose images are damaged or cannot be read by the server.</param>
internal sealed record Previews(IReadOnlyList<Preview> Shown, IReadOnlyList<Guid> LeftOut, IReadOnlyList<Guid> Unreadable);
