using System.ComponentModel.DataAnnotations;

namespace McpImageGen.GenerationWorker;

/// <summary>Settings of a worker process. Section <c>Worker</c>.</summary>
public sealed class WorkerOptions
{
    public const string Section = "Worker";

    /// <summary>
    /// Concurrent generations in this process. 1 to 1000, default 64: they are bound by the network, not by the processor.
    /// </summary>
    [Range(1, 1000, ErrorMessage = "Worker__Concurrency must be between 1 and 1000.")]
    public int Concurrency { get; set; } = 64;

    /// <summary>
    /// How long a stopping worker continues with its running jobs before it releases them. 0 s to 10 min,
    /// default 2 min 30 s, longer than the longest generation.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00", ErrorMessage = "Worker__DrainFor must be between 00:00:00 and 00:10:00.")]
    public TimeSpan DrainFor { get; set; } = TimeSpan.FromSeconds(150);
}
