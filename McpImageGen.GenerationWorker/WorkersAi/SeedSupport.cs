using System.Collections.Concurrent;

namespace McpImageGen.GenerationWorker.WorkersAi;

/// <summary>Remembers, until this process ends, which models have refused a request for its seed.</summary>
public sealed partial class SeedSupport(ILogger<SeedSupport> logger)
{
    private readonly ConcurrentDictionary<string, bool> _refusing = new();

    public bool IsRefusedBy(WorkersAiModel model) => _refusing.ContainsKey(model.Name);

    public void SetRefusedBy(WorkersAiModel model)
    {
        if (_refusing.TryAdd(model.Name, true))
            Log.Refused(logger, model.Name);
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "The provider refuses seeds for {Model}; its images are generated without a seed until this worker restarts")]
        public static partial void Refused(ILogger logger, string model);
    }
}
