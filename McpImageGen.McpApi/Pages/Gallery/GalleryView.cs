using McpImageGen.Contracts;
using McpImageGen.Contracts.Models;
using McpImageGen.Jobs.Queries;

namespace McpImageGen.McpApi.Pages.Gallery;

/// <summary>The part of the owner's images that the gallery shows, according to the query string.</summary>
/// <param name="Filter">The filter.</param>
/// <param name="Before">Show only jobs older than this job; null to start with the newest.</param>
/// <param name="Error">A message about an invalid part of the query string, which is ignored; null if all of it is valid.</param>
public sealed record GalleryView(JobFilter Filter, Guid? Before, string? Error)
{
    /// <summary>All statuses of a job.</summary>
    public static readonly IReadOnlyList<string> Statuses =
        [JobStatus.Pending, JobStatus.Processing, JobStatus.Completed, JobStatus.Failed, JobStatus.Cancelled];

    /// <summary>Whether the view is updated automatically. Searches through many jobs run only once.</summary>
    public bool IsLive => !Filter.NeedsScan;

    public bool IsFiltered => Filter.NeedsScan || Filter.Status is not null;

    /// <summary>The query string of the same view, continued with jobs older than the given job.</summary>
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
        var error = model is not null && ImageModel.Find(model) is null ? $"Unknown model “{model}”. Showing images from all models."
            : status is not null && !Statuses.Contains(status) ? $"Unknown status “{status}”. Showing images with any status."
            : null;
        var filter = new JobFilter(
            Statuses.FirstOrDefault(known => known == status), model is null ? null : ImageModel.Find(model)?.Name, Text(query["search"]));
        return ValueTask.FromResult(new GalleryView(filter, Guid.TryParse(query["before"], out var before) ? before : null, error));
    }

    // Postgres cannot store U+0000 in text, so no prompt contains it.
    private static string? Text(string? typed) => typed?.Replace("\0", "", StringComparison.Ordinal).Trim() is { Length: > 0 } text ? text : null;
}
