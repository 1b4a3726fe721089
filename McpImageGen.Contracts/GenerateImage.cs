namespace McpImageGen.Contracts;

/// <summary>
/// The command to generate one image. It carries all that a worker needs, so that a worker reads nothing before it starts.
/// Sent at least once: the claim on the job's row decides who, if anyone, acts on it.
/// </summary>
/// <param name="JobId">The job's id, a UUIDv7.</param>
/// <param name="Prompt">What to draw, 3 to 1000 characters.</param>
/// <param name="Model">The public name of the model, one of <see cref="ImageModel.All"/>.</param>
/// <param name="Parameters">The model's parameters; what is null is left to the model.</param>
/// <param name="TraceParent">The call that the job belongs to, as W3C's <c>traceparent</c>; null where nobody traces.</param>
/// <param name="InputImages">The keys of the images to start from, at most <see cref="ImageModel.InputImages"/>; null for none.</param>
public sealed record GenerateImage(
    Guid JobId,
    string Prompt,
    string Model,
    GenerationParameters Parameters,
    string? TraceParent = null,
    IReadOnlyList<string>? InputImages = null);
