using ModelContextProtocol;

namespace McpImageGen.McpApi.Tools;

/// <summary>How a client wants to wait.</summary>
/// <param name="TimeoutSeconds">1 to 3600; null for 60 s and 3 s for each job.</param>
/// <param name="Inline">The images themselves belong into the answer, not only their links.</param>
/// <param name="Progress">Where to tell how far the jobs are.</param>
internal sealed record WaitWishes(int? TimeoutSeconds, bool Inline, IProgress<ProgressNotificationValue> Progress)
{
    public const string TimeoutHelp = "For how many seconds to wait at most, 1 to 3600; 60 and 3 for each job when left out. The jobs go on in any case.";
    public const string InlineHelp = "true: the answer has the images themselves, too, as previews of at most 1024 pixels, as many as fit. The links are always there.";

    /// <summary>For how long to wait for so many jobs.</summary>
    public TimeSpan LimitFor(int jobs) => TimeSpan.FromSeconds(TimeoutSeconds ?? 60 + (3 * jobs));
}
