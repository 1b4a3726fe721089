namespace McpImageGen.Tests.Distributed;

/// <summary>What became of the jobs that were under way when something failed.</summary>
/// <param name="Fault">What failed.</param>
/// <param name="Accepted">The jobs that a client was given an id of.</param>
/// <param name="Refused">So many of them Workers AI refuses for good; only they may fail.</param>
/// <param name="Lost">Accepted, and now unknown.</param>
/// <param name="FinishedTwice">Jobs whose row was finished more than once.</param>
/// <param name="ImagesMissing">Completed jobs without an image of their own at their link.</param>
/// <param name="Stuck">Not finished 60 s after the fault had ended.</param>
/// <param name="PaidTwice">Requests that Workers AI did not refuse, abandoned ones too, beyond one for each completed job.</param>
/// <param name="Time">From the end of the fault until all were finished.</param>
public sealed record Recovery(
    string Fault, int Accepted, int Completed, int Failed, int Refused, int Lost, long FinishedTwice, int ImagesMissing, int Stuck,
    int PaidTwice, TimeSpan Time)
{
    /// <summary>Every job is finished, once, with its image; those that Workers AI refuses have failed, and no others.</summary>
    public bool IsWhole =>
        this is { Lost: 0, FinishedTwice: 0, ImagesMissing: 0, Stuck: 0 } && Failed == Refused && Completed == Accepted - Refused;
}
