using System.Security.Cryptography;
using System.Text.Json;
using McpImageGen.Contracts;
using McpImageGen.Jobs.Lifecycle;

namespace McpImageGen.McpApi.Tools;

/// <summary>What one call asks to generate.</summary>
/// <param name="Prompt">Description of the images, 3 to 1000 characters.</param>
/// <param name="Model">The public name of an existing model.</param>
/// <param name="Count">Number of images, 1 to 20.</param>
/// <param name="Parameters">As given by the caller. They apply to the first image; each further image has the next seed.</param>
/// <param name="IdempotencyKey">Makes the call repeatable; null when it is not.</param>
internal sealed record GenerationRequest(string Prompt, string Model, int Count, GenerationParameters Parameters, string? IdempotencyKey)
{
    /// <summary>The caller's completed jobs whose images are the input images; empty for none.</summary>
    public IReadOnlyList<Guid> InputJobs { get; init; } = [];

    /// <summary>The keys of the input images, where they are known instead of their jobs.</summary>
    public IReadOnlyList<string> InputImages { get; init; } = [];

    /// <summary>The call with its arguments' fingerprint; null when it has no idempotency key.</summary>
    public RepeatableCall? AsRepeatableCall(string owner) =>
        IdempotencyKey is null ? null : new RepeatableCall(owner, IdempotencyKey, FingerprintOf(this with { IdempotencyKey = null }));

    private static string FingerprintOf(GenerationRequest request) =>
        Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(request)));
}
