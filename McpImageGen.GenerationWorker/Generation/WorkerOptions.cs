using System.ComponentModel.DataAnnotations;

namespace McpImageGen.GenerationWorker.Generation;

/// <summary>How one worker process works. Section <c>Worker</c>.</summary>
public sealed class WorkerOptions
{
    public const string Section = "Worker";

    /// <summary>
    /// Generations at once in this process. 1 to 1000, default 64: they wait for the network, not for the processor.
    /// </summary>
    [Range(1, 1000, ErrorMessage = "Worker__Concurrency must be between 1 and 1000.")]
    public int Concurrency { get; set; } = 64;

    /// <summary>
    /// For how long a stopping worker goes on with what it has; then it gives the rest back. 0 s to 10 min,
    /// default 2 min 30 s, longer than the longest generation.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00", ErrorMessage = "Worker__DrainFor must be between 00:00:00 and 00:10:00.")]
    public TimeSpan DrainFor { get; set; } = TimeSpan.FromSeconds(150);
}
