namespace McpImageGen.Contracts;

/// <summary>
/// The command to generate one image. It contains everything that a worker needs, so a worker reads nothing before it claims the job.
/// It is sent at least once: the claim on the job's row decides which worker, if any, processes it.
/// </summary>
/// <param name="JobId">The job's id, a UUIDv7.</param>
/// <param name="Prompt">Description of the image, 3 to 1000 characters.</param>
/// <param name="Model">The public name of the model, one of <c>ImageModel.All</c>.</param>
/// <param name="Parameters">The model's parameters; null means the model's default.</param>
/// <param name="TraceParent">The W3C <c>traceparent</c> of the call that submitted the job; null if tracing is off.</param>
/// <param name="InputImages">The keys of the input images, at most <c>ImageModel.InputImages</c>; null for none.</param>
public sealed record GenerateImage(
    Guid JobId,
    string Prompt,
    string Model,
    GenerationParameters Parameters,
    string? TraceParent = null,
    IReadOnlyList<string>? InputImages = null);
