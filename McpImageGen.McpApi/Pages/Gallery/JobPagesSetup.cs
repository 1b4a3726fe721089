using McpImageGen.Jobs;
using McpImageGen.McpApi.Application;
using McpImageGen.McpApi.Auth;
using Microsoft.AspNetCore.Http.HttpResults;

namespace McpImageGen.McpApi.Pages.Gallery;

/// <summary>The page of one job and its actions.</summary>
internal static class JobPagesSetup
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
        job.MapGet("/again", (Guid id) => new SeeOther(PagePaths.OfJob(id)));
        job.MapGet("/cancel", (Guid id) => new SeeOther(PagePaths.OfJob(id)));
    }

    private static async Task<IResult> ShowAsync(Guid id, JobService jobs, Caller caller, CancellationToken cancellationToken) =>
        await jobs.FindAsync(caller.Owner, id, cancellationToken) is { } job ? Show(job) : NoSuchJob();

    private static async Task<IResult> AgainAsync(
        Guid id, PostedForm form, JobService jobs, GenerationService generations, PageSubmission submission, Caller caller, CancellationToken cancellationToken)
    {
        if (await jobs.FindAsync(caller.Owner, id, cancellationToken) is not { } job)
            return NoSuchJob();
        if (!form.IsOurs)
            return Show(job, PostedForm.TooOld);
        var seed = int.TryParse(form.Fields["seed"], out var typed) && typed >= 0 ? typed : Random.Shared.Next();
        var (submitted, error) = await submission.TryAsync(async () => [await generations.RepeatAsync(job, seed, CancellationToken.None)]);
        return error is null ? new SeeOther(PagePaths.OfJob(submitted[0].Id)) : Show(job, error.Text);
    }

    private static async Task<IResult> CancelAsync(
        Guid id, PostedForm form, JobService jobs, Caller caller, CancellationToken cancellationToken)
    {
        if (await jobs.FindAsync(caller.Owner, id, cancellationToken) is not { } job)
            return NoSuchJob();
        if (!form.IsOurs)
            return Show(job, PostedForm.TooOld);
        await jobs.CancelAsync(caller.Owner, [id], cancellationToken);
        return new SeeOther(PagePaths.OfJob(id));
    }

    private static async Task<IResult> AskAsync(Guid id, JobService jobs, Caller caller, CancellationToken cancellationToken) =>
        await jobs.FindAsync(caller.Owner, id, cancellationToken) is { } job ? Ask(job) : NoSuchJob();

    private static async Task<IResult> DeleteAsync(Guid id, PostedForm form, JobService jobs, Caller caller, CancellationToken cancellationToken)
    {
        if (await jobs.FindAsync(caller.Owner, id, cancellationToken) is not { } job)
            return NoSuchJob();
        if (!form.IsOurs)
            return Ask(job, PostedForm.TooOld);
        try
        {
            await jobs.DeleteAsync(caller.Owner, id, cancellationToken);
            return new SeeOther(PagePaths.Gallery);
        }
        catch (RequestFailedException exception)
        {
            return Ask(job, exception.Error.Message);
        }
    }

    private static RazorComponentResult<JobPage> Show(GenerationJob job, string? error = null) => new(new { Job = job, Error = error });

    private static RazorComponentResult<DeletePage> Ask(GenerationJob job, string? error = null) => new(new { Job = job, Error = error });

    private static RazorComponentResult<NoSuchJobPage> NoSuchJob() => new() { StatusCode = StatusCodes.Status404NotFound };
}
