using McpImageGen.Contracts;
using McpImageGen.Jobs.Lifecycle;

namespace McpImageGen.McpApi.Pages.Gallery;

/// <summary>Which of the owner's images the gallery shows, as its address says.</summary>
/// <param name="Filter">Which of them.</param>
/// <param name="Before">Only those older than this job; null to begin with the newest.</param>
/// <param name="Problem">What of the address made no sense, and was left out; null when all of it did.</param>
public sealed record GalleryView(JobFilter Filter, Guid? Before, string? Problem)
{
    /// <summary>What a job can be.</summary>
    public static readonly IReadOnlyList<string> Statuses =
        [JobStatus.Pending, JobStatus.Processing, JobStatus.Completed, JobStatus.Failed, JobStatus.Cancelled];

    /// <summary>Whether it can be kept up to date: what has to be looked for among many jobs is looked for once.</summary>
    public bool IsLive => !Filter.LooksIntoJobs;

    public bool IsFiltered => Filter.LooksIntoJobs || Filter.Status is not null;

    /// <summary>The same view, going on before a job, as the query of an address.</summary>
    public QueryString QueryBefore(Guid? before) => QueryString.Create(
        new Dictionary<string, string?>
        {
            ["search"] = Filter.Search,
            ["model"] = Filter.Model,
            ["status"] = Filter.Status,
            ["before"] = before?.ToString(),
        }.Where(part => part.Value is not null));

    public static ValueTask<GalleryView> BindAsync(HttpContext context)
    {
        var query = context.Request.Query;
        var (model, status) = (Text(query["model"]), Text(query["status"]));
        var problem = model is not null && ImageModel.Find(model) is null ? $"Unknown model “{model}”. Showing images from all models."
            : status is not null && !Statuses.Contains(status) ? $"Unknown status “{status}”. Showing images with any status."
            : null;
        var filter = new JobFilter(
            Statuses.FirstOrDefault(known => known == status), model is null ? null : ImageModel.Find(model)?.Name, Text(query["search"]));
        return ValueTask.FromResult(new GalleryView(filter, Guid.TryParse(query["before"], out var before) ? before : null, problem));
    }

    // Postgres has no text with a zero in it, so nobody finds one.
    private static string? Text(string? typed) => typed?.Replace("\0", "", StringComparison.Ordinal).Trim() is { Length: > 0 } text ? text : null;
}
