using System.Security.Cryptography;
using System.Text.Json;
using McpImageGen.Contracts;
using McpImageGen.Jobs.Images;
using McpImageGen.Jobs.Submission;

namespace McpImageGen.McpApi.Application;

/// <summary>A request to generate images. <see cref="GenerationRules"/> has its limits.</summary>
/// <param name="Prompt">Description of the images.</param>
/// <param name="Model">The public name of the model.</param>
/// <param name="Count">The number of images.</param>
/// <param name="Parameters">As given by the caller. They apply to the first image; each further image has the next seed.</param>
/// <param name="IdempotencyKey">Makes the request repeatable for 24 h; null if it is not.</param>
internal sealed record GenerationRequest(string Prompt, string Model, int Count, GenerationParameters Parameters, string? IdempotencyKey)
{
    /// <summary>The owner's completed jobs whose images are the input images; empty for none.</summary>
    public IReadOnlyList<Guid> InputJobs { get; init; } = [];

    /// <summary>The keys of the input images, where they are known instead of their jobs.</summary>
    public IReadOnlyList<ImageKey> InputImages { get; init; } = [];

    /// <summary>The number of input images.</summary>
    internal int InputCount => Math.Max(InputJobs.Count, InputImages.Count);

    /// <summary>The request with a fingerprint of its values; null if it has no idempotency key.</summary>
    public RepeatableCall? AsRepeatableCall(string owner) =>
        IdempotencyKey is null ? null : new RepeatableCall(owner, IdempotencyKey, FingerprintOf(this with { IdempotencyKey = null }));

    private static string FingerprintOf(GenerationRequest request) =>
        Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(request)));
}
