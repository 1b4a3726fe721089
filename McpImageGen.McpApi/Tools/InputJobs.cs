using McpImageGen.Contracts;
using McpImageGen.Jobs;
using McpImageGen.Jobs.Lifecycle;
using McpImageGen.McpApi.Auth;

namespace McpImageGen.McpApi.Tools;

/// <summary>The completed jobs whose images are the input of an edit.</summary>
internal sealed class InputJobs(JobQueries queries, Caller caller)
{
    /// <summary>The keys of the images of the caller's jobs, in the given order.</summary>
    /// <exception cref="ToolRefusedException">A job is unknown, another owner's, or not completed.</exception>
    public async Task<IReadOnlyList<string>> ImagesOfAsync(IReadOnlyList<Guid> ids, CancellationToken cancellationToken)
    {
        var found = (await queries.FindAsync(caller.Owner, ids.ToHashSet(), cancellationToken)).ToDictionary(job => job.Id);
        return ids.All(found.ContainsKey)
            ? [.. ids.Select(id => ImageOf(found[id]))]
            : throw new ToolRefusedException(ToolAnswer.UnknownJobs());
    }

    private static string ImageOf(GenerationJob job) => job switch
    {
        { Status: JobStatus.Completed, ImageKey: { } key } => key,
        { Status: JobStatus.Pending or JobStatus.Processing } => throw NoImage(
            $"Job {job.Id} is {job.Status} and has no image yet. Wait for it with wait_for_completion, then call again."),
        _ => throw NoImage($"Job {job.Id} is {job.Status} and has no image. Use another job; list_generations returns the completed ones."),
    };

    private static ToolRefusedException NoImage(string error) => new(ToolAnswer.Refusal(new ArgumentError("job_ids", error)));
}
