namespace McpImageGen.McpApi.Images;

/// <summary>The images that an answer carries.</summary>
/// <param name="Shown">In the order of the jobs.</param>
/// <param name="LeftOut">The jobs whose images did not fit or could not be read.</param>
internal sealed record Previews(IReadOnlyList<Preview> Shown, IReadOnlyList<Guid> LeftOut);
