using McpImageGen.Contracts;
using McpImageGen.Jobs;
using McpImageGen.Jobs.Lifecycle;
using McpImageGen.McpApi.Auth;
using McpImageGen.McpApi.Pages.Generate;
using Microsoft.AspNetCore.Http.HttpResults;

namespace McpImageGen.McpApi.Pages.Gallery;

/// <summary>The page of one job and its actions.</summary>
internal static partial class JobPagesSetup
{
    public static void MapJobPages(this IEndpointRouteBuilder gallery)
    {
        var job = gallery.MapGroup("/{id:guid}");
        job.MapGet("", ShowAsync);
        job.MapPost("/again", AgainAsync);
        job.MapPost("/cancel", CancelAsync);
        job.MapGet("/delete", AskAsync);
        job.MapPost("/delete", DeleteAsync);

        // A sign-in that interrupts a POST redirects back to these addresses with GET.
        job.MapGet("/again", (Guid id) => new SeeOther(PathOf(id)));
        job.MapGet("/cancel", (Guid id) => new SeeOther(PathOf(id)));
    }

    public static string PathOf(Guid id) => $"{GallerySetup.Path}/{id}";

    private static async Task<IResult> ShowAsync(Guid id, JobQueries queries, Caller caller, CancellationToken cancellationToken) =>
        await queries.FindAsync(caller.Owner, [id], cancellationToken) is [var job] ? Show(job) : NoSuchJob();

    private static async Task<IResult> AgainAsync(
        Guid id, PostedForm form, JobQueries queries, PageSubmission submission, Caller caller, CancellationToken cancellationToken)
    {
        if (await queries.FindAsync(caller.Owner, [id], cancellationToken) is not [var job])
            return NoSuchJob();
        if (!form.IsOurs)
            return Show(job, PostedForm.TooOld);
        var seed = int.TryParse(form.Fields["seed"], out var typed) && typed >= 0 ? typed : Random.Shared.Next();
        var (jobs, problem) = await submission.AgainAsync(job, seed);
        return problem is null ? new SeeOther(PathOf(jobs[0].Id)) : Show(job, problem.Text);
    }

    private static async Task<IResult> CancelAsync(
        Guid id, PostedForm form, JobQueries queries, JobCancellation cancellation, Caller caller, CancellationToken cancellationToken)
    {
        if (await queries.FindAsync(caller.Owner, [id], cancellationToken) is not [var job])
            return NoSuchJob();
        if (!form.IsOurs)
            return Show(job, PostedForm.TooOld);
        await cancellation.CancelAsync(caller.Owner, [id], cancellationToken);
        return new SeeOther(PathOf(id));
    }

    private static async Task<IResult> AskAsync(Guid id, JobQueries queries, Caller caller, CancellationToken cancellationToken) =>
        await queries.FindAsync(caller.Owner, [id], cancellationToken) is [var job] ? Ask(job) : NoSuchJob();

    private static async Task<IResult> DeleteAsync(
        Guid id,
        PostedForm form,
        JobQueries queries,
        JobRemoval removal,
        Caller caller,
        ILogger<JobRemoval> logger,
        CancellationToken cancellationToken)
    {
        if (await queries.FindAsync(caller.Owner, [id], cancellationToken) is not [var job])
            return NoSuchJob();
        if (!form.IsOurs)
            return Ask(job, PostedForm.TooOld);
        if (!JobStatus.IsFinal(job.Status))
            return Ask(job);
        try
        {
            await removal.RemoveAsync(job, cancellationToken);
        }
        catch (IOException exception)
        {
            Log.StoreUnavailable(logger, id, exception.Message);
            return Ask(job, "The image store is not available, so the job was not deleted. Try again in a few seconds.");
        }

        Log.Deleted(logger, id);
        return new SeeOther(GallerySetup.Path);
    }

    private static RazorComponentResult<JobPage> Show(GenerationJob job, string? problem = null) => new(new { Job = job, Problem = problem });

    private static RazorComponentResult<DeletePage> Ask(GenerationJob job, string? problem = null) => new(new { Job = job, Problem = problem });

    private static RazorComponentResult<NoSuchJobPage> NoSuchJob() => new() { StatusCode = StatusCodes.Status404NotFound };

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "Job {JobId} was deleted by its owner")]
        public static partial void Deleted(ILogger logger, Guid jobId);

        [LoggerMessage(LogLevel.Warning, "The image of job {JobId} could not be deleted: {Reason}")]
        public static partial void StoreUnavailable(ILogger logger, Guid jobId, string reason);
    }
}
