using McpImageGen.Contracts;

namespace McpImageGen.Jobs;

/// <summary>
/// The row of one job: one image asked for, and what became of it. The row decides; messages and signals only lead to it.
/// Times are Unix milliseconds: by the database's clock, but for the creation, which is the API's, and the provider's answer, which is
/// the worker's.
/// </summary>
public sealed class GenerationJob
{
    /// <summary>UUIDv7, so that ids sort by creation.</summary>
    public required Guid Id { get; init; }

    /// <summary>Whose job this is. Every query by a client names it.</summary>
    public required string Owner { get; init; }

    public required string Prompt { get; init; }

    /// <summary>The model's public name.</summary>
    public required string Model { get; init; }

    /// <summary>Generating again with the same seed and arguments gives the same image. Null only when the provider did not accept a seed.</summary>
    public long? Seed { get; init; }

    public int? Width { get; init; }

    public int? Height { get; init; }

    public int? Steps { get; init; }

    public string? NegativePrompt { get; init; }

    public double? Guidance { get; init; }

    /// <summary>The keys of the images to start from, with a space between them; null where there is only the prompt.</summary>
    public string? InputImages { get; init; }

    /// <summary>
    /// The call that submitted it, as W3C's <c>traceparent</c>: two random numbers and a flag, so that what is sent later
    /// is part of the same trace. Null where nobody traces.
    /// </summary>
    public string? TraceParent { get; init; }

    /// <summary>One of <see cref="JobStatus"/>.</summary>
    public string Status { get; set; } = JobStatus.Pending;

    public required long CreatedAt { get; init; }

    /// <summary>When the row last changed its status.</summary>
    public required long UpdatedAt { get; set; }

    /// <summary>When its message was last sent; null of a pending job that has none: its turn, or its next attempt, is still to come.</summary>
    public long? SentAt { get; set; }

    /// <summary>How often requeue has sent it since it last became pending; each time the next one waits twice as long.</summary>
    public int Resends { get; set; }

    /// <summary>From when on requeue sends a pending job (again).</summary>
    public long SendAfter { get; set; }

    /// <summary>A pending job is not claimed before this time; null when it may be claimed at once.</summary>
    public long? NextAttemptAt { get; set; }

    /// <summary>No transient failure is retried after this time; null until the first attempt.</summary>
    public long? RetryUntil { get; set; }

    /// <summary>The fence: whoever finishes the job must name the claim it was started with.</summary>
    public Guid? Claim { get; set; }

    public Guid? WorkerId { get; set; }

    public long? LeaseUntil { get; set; }

    public long? ClaimedAt { get; set; }

    /// <summary>When the provider's answer was there.</summary>
    public long? GeneratedAt { get; set; }

    /// <summary>When the job reached its last status; null of every job that is unfinished, and of no other.</summary>
    public long? FinishedAt { get; set; }

    /// <summary>How often a worker has started it and was neither stopped nor held back.</summary>
    public int Attempts { get; set; }

    /// <summary>How often it was taken from a worker that died.</summary>
    public int Takeovers { get; set; }

    /// <summary>How often the provider withheld its output.</summary>
    public int OutputRejections { get; set; }

    /// <summary>How often the provider responded with success but without a usable image.</summary>
    public int UnusableAnswers { get; set; }

    public string? ImageKey { get; set; }

    public string? ContentType { get; set; }

    /// <summary>The image's size in bytes.</summary>
    public long? ImageLength { get; set; }

    /// <summary>What the last generation cost, in Workers AI neurons; null when the provider did not say and no price is known.</summary>
    public double? Neurons { get; set; }

    /// <summary>Of a failed job why; of a pending one why the last attempt did not do.</summary>
    public string? ErrorCode { get; set; }

    /// <summary>The sentence to <see cref="ErrorCode"/>.</summary>
    public string? Error { get; set; }

    /// <summary>The command that asks a worker for this job's image.</summary>
    public GenerateImage ToCommand() =>
        new(Id, Prompt, Model, ToParameters(), TraceParent, InputImages?.Split(' '));

    /// <summary>What was asked of the model beside the prompt.</summary>
    public GenerationParameters ToParameters() => new(Seed, Width, Height, Steps, NegativePrompt, Guidance);
}
