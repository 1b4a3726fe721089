using McpImageGen.McpApi.Application;
using McpImageGen.McpApi.Auth;
using McpImageGen.McpApi.Pages.SignIn;
using Microsoft.AspNetCore.Http.HttpResults;

namespace McpImageGen.McpApi.Pages.Generate;

/// <summary>The page for generating images.</summary>
internal static class GenerateSetup
{
    public static void MapGenerate(this IEndpointRouteBuilder gallery)
    {
        gallery.MapGet("/generate", StartAsync);
        // So that what was entered is not lost while the database is not available.
        gallery.MapPost("/generate", GenerateAsync).WithMetadata(UncheckedSession.Instance);
    }

    /// <param name="from">The job whose values fill the form; null for an empty form.</param>
    private static async Task<IResult> StartAsync(Guid? from, JobService jobs, Caller caller, CancellationToken cancellationToken)
    {
        if (from is not { } id)
            return Show(GenerationForm.New(), error: null);
        return await jobs.FindAsync(caller.Owner, id, cancellationToken) is { } job
            ? Show(GenerationForm.Like(job), error: null)
            : new RazorComponentResult<NoSuchJobPage> { StatusCode = StatusCodes.Status404NotFound };
    }

    private static async Task<IResult> GenerateAsync(PostedForm posted, PageSubmission submission, GenerationService generations, Caller caller, HttpContext context)
    {
        var form = GenerationForm.Of(posted.Fields);
        if (!posted.IsOurs)
            return Show(form, new FormError(PostedForm.TooOld));
        if (UncheckedSession.IsIn(context))
            return Show(form, PageSubmission.DatabaseUnavailable);
        var (_, error) = await submission.TryAsync(() => generations.SubmitAsync(caller.Owner, form.ToRequest(), CancellationToken.None));
        if (error is null)
            return new SeeOther(PagePaths.Gallery);
        return Show(error.Field == GenerationForm.Key ? form.WithNewKey() : form, error);
    }

    private static RazorComponentResult<GeneratePage> Show(GenerationForm form, FormError? error) =>
        new(new { Form = form, Error = error });
}
