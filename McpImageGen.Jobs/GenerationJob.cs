using McpImageGen.Contracts;
using McpImageGen.Jobs.Images;

namespace McpImageGen.Jobs;

/// <summary>
/// The row of one job: the request for one image, and its state. The row decides: messages and signals only point to it, and every
/// decision is made by reading or updating the row. All times are Unix milliseconds by the database's clock.
/// </summary>
public sealed class GenerationJob
{
    /// <summary>UUIDv7, so that ids sort by creation.</summary>
    public required Guid Id { get; init; }

    /// <summary>The owner of the job. Every query by a client filters by it.</summary>
    public required string Owner { get; init; }

    public required string Prompt { get; init; }

    /// <summary>The model's public name.</summary>
    public required string Model { get; init; }

    /// <summary>
    /// The model parameters besides the prompt. Generating again with the same seed and arguments gives the same image; the seed is null only when
    /// the provider did not accept one.
    /// </summary>
    public GenerationParameters Parameters { get; init; } = GenerationParameters.ModelDefaults;

    /// <summary>The keys of the input images; null if there are none.</summary>
    public IReadOnlyList<ImageKey>? InputImages { get; init; }

    /// <summary>
    /// The trace context of the submitting call as a W3C <c>traceparent</c>: two random numbers and a flag, so that later messages
    /// are part of the same trace. Null if tracing is off.
    /// </summary>
    public string? TraceParent { get; init; }

    /// <summary>One of <see cref="JobStatus"/>.</summary>
    public string Status { get; set; } = JobStatus.Pending;

    /// <summary>When it was submitted.</summary>
    public long CreatedAt { get; set; }

    /// <summary>When the status last changed.</summary>
    public long UpdatedAt { get; set; }

    /// <summary>
    /// When its message was last sent; null for a pending job without a message, because its turn or next attempt is not due yet.
    /// </summary>
    public long? SentAt { get; set; }

    /// <summary>How often requeue has sent it since it last became pending; the interval doubles each time.</summary>
    public int Resends { get; set; }

    /// <summary>The earliest time at which requeue sends a pending job (again).</summary>
    public long SendAfter { get; set; }

    /// <summary>A pending job is not claimed before this time; null if it may be claimed immediately.</summary>
    public long? NextAttemptAt { get; set; }

    /// <summary>No transient failure is retried after this time; null until the first attempt.</summary>
    public long? RetryUntil { get; set; }

    /// <summary>The fencing token: only the current claim can finish the job.</summary>
    public Guid? Claim { get; set; }

    public Guid? WorkerId { get; set; }

    public long? LeaseUntil { get; set; }

    public long? ClaimedAt { get; set; }

    /// <summary>When the provider's response arrived.</summary>
    public long? GeneratedAt { get; set; }

    /// <summary>When the job was finished; null if and only if it is unfinished.</summary>
    public long? FinishedAt { get; set; }

    /// <summary>The number of attempts; released and deferred ones do not count.</summary>
    public int Attempts { get; set; }

    /// <summary>How often it was reclaimed from a dead worker.</summary>
    public int Takeovers { get; set; }

    /// <summary>When it was last reclaimed; null if never.</summary>
    public long? ReclaimedAt { get; set; }

    /// <summary>Why it was last reclaimed, one of <see cref="Scheduling.ReclaimReason"/>.</summary>
    public string? ReclaimReason { get; set; }

    /// <summary>How often the provider withheld its output.</summary>
    public int OutputRejections { get; set; }

    /// <summary>How often the provider responded with success but without a usable image.</summary>
    public int UnusableAnswers { get; set; }

    public ImageKey? ImageKey { get; set; }

    public string? ContentType { get; set; }

    /// <summary>The image's size in bytes.</summary>
    public long? ImageLength { get; set; }

    /// <summary>What the last generation cost, in Workers AI neurons; null when the provider did not say and no price is known.</summary>
    public double? Neurons { get; set; }

    /// <summary>Why a failed job failed, or why the last attempt of a pending job failed.</summary>
    public string? ErrorCode { get; set; }

    /// <summary>The message for <see cref="ErrorCode"/>.</summary>
    public string? Error { get; set; }

    /// <summary>The command that tells a worker to generate this job's image.</summary>
    public GenerateImage ToCommand() =>
        new(Id, Prompt, Model, Parameters, TraceParent, InputImages?.Select(key => key.ToString()).ToList());
}
