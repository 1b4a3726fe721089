using McpImageGen.Contracts;

namespace McpImageGen.GenerationWorker.WorkersAi;

/// <summary>
/// What a model calls each parameter; null is a parameter that it does not take. Models refuse unknown fields, or worse,
/// ignore them, so that what is not named here is never sent. Source: Cloudflare's model schemas.
/// </summary>
public sealed record ModelFields
{
    public string? Seed { get; init; }
    public string? Width { get; init; }
    public string? Height { get; init; }
    public string? Steps { get; init; }
    public string? NegativePrompt { get; init; }
    public string? Guidance { get; init; }

    /// <summary>The first parameter that is set but not taken, by the name that callers know, or null.</summary>
    internal string? FirstNotTaken(GenerationParameters parameters) => parameters switch
    {
        { Seed: not null } when Seed is null => "seed",
        { Width: not null } when Width is null => "width",
        { Height: not null } when Height is null => "height",
        { Steps: not null } when Steps is null => "steps",
        { NegativePrompt: not null } when NegativePrompt is null => "negative_prompt",
        { Guidance: not null } when Guidance is null => "guidance",
        // JSON has no such numbers.
        { Guidance: double.NaN or double.PositiveInfinity or double.NegativeInfinity } => "guidance",
        _ => null,
    };
}
