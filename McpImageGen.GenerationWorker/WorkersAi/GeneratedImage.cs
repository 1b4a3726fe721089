namespace McpImageGen.GenerationWorker.WorkersAi;

/// <summary>A whole image as the provider drew it.</summary>
/// <param name="Bytes">The image file.</param>
/// <param name="Format">What kind of file it is, by its bytes.</param>
/// <param name="Neurons">
/// What it cost in Cloudflare's neurons: what the answer says, else what the model's price says, else null.
/// </param>
public sealed record GeneratedImage(ReadOnlyMemory<byte> Bytes, ImageFormat Format, double? Neurons);
