namespace McpImageGen.McpApi.Images;

/// <summary>The previews that are attached to a result.</summary>
/// <param name="Shown">The attached previews, in the order of the jobs.</param>
/// <param name="LeftOut">The jobs whose images did not fit or could not be read.</param>
internal sealed record Previews(IReadOnlyList<Preview> Shown, IReadOnlyList<Guid> LeftOut);
