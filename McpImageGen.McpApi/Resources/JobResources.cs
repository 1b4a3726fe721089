using McpImageGen.Contracts;
using McpImageGen.Jobs;
using McpImageGen.Jobs.Images;
using McpImageGen.Jobs.Lifecycle;
using McpImageGen.McpApi.Apps;
using McpImageGen.McpApi.Auth;
using McpImageGen.McpApi.Tools;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace McpImageGen.McpApi.Resources;

/// <summary>The owner's jobs and images as MCP resources, and the pages of <see cref="GalleryApp"/>.</summary>
internal sealed class JobResources(JobQueries queries, IImageStore store, BrowseTools tools, GalleryApp gallery, Caller caller)
{
    private const int MostListed = 20;
    private const int LongestTitle = 80;

    private static readonly ResourceTemplate[] Templates =
    [
        new()
        {
            UriTemplate = JobUri.Image,
            Name = "image",
            Title = "A generated image",
            Description = "The image of a completed job, as it is stored.",
        },
        new()
        {
            UriTemplate = JobUri.Job,
            Name = "job",
            Title = "A job",
            Description = "The status of a job, as get_job_status returns it.",
            MimeType = "application/json",
        },
    ];

    /// <summary>The owner's newest images.</summary>
    public async ValueTask<ListResourcesResult> ListAsync(CancellationToken cancellationToken)
    {
        var page = await queries.ListAsync(caller.Owner, JobStatus.Completed, MostListed, offset: 0, cancellationToken);
        return new ListResourcesResult { Resources = [.. page.Jobs.Select(ImageOf)] };
    }

    /// <summary>What addresses there are beside those listed.</summary>
    public static ValueTask<ListResourceTemplatesResult> ListTemplatesAsync() =>
        ValueTask.FromResult(new ListResourceTemplatesResult { ResourceTemplates = [.. Templates] });

    /// <summary>Reads an image, a job or a page.</summary>
    /// <exception cref="McpProtocolException">There is nothing at that address that the owner may see, or it cannot be read now.</exception>
    public async ValueTask<ReadResourceResult> ReadAsync(RequestContext<ReadResourceRequestParams> request, CancellationToken cancellationToken)
    {
        var uri = request.Params.Uri;
        var contents = IsGallery(uri) ? gallery.Read()
            : JobUri.Find(JobUri.Image, uri) is { } image ? await ReadImageAsync(uri, image, cancellationToken)
            : JobUri.Find(JobUri.Job, uri) is { } job ? await ReadJobAsync(uri, job, cancellationToken)
            : null;
        if (contents is null)
            throw new McpProtocolException("Resource not found.", NotFound(request.Server.NegotiatedProtocolVersion)) { Data = { ["uri"] = uri } };
        return new ReadResourceResult { Contents = [contents] };
    }

    // Scheme and host are the same in upper and lower case (RFC 3986).
    private static bool IsGallery(string uri) => Uri.TryCreate(uri, UriKind.Absolute, out var read) && read.AbsoluteUri == GalleryApp.Uri;

    private static Resource ImageOf(GenerationJob job) => new()
    {
        Uri = JobUri.OfImage(job.Id),
        Name = job.Id + Path.GetExtension(job.ImageKey),
        Title = job.Prompt.Length > LongestTitle ? job.Prompt[..LongestTitle] + " …" : job.Prompt,
        Description = $"Made by {job.Model}: {job.Prompt}",
        MimeType = job.ContentType,
        Size = job.ImageLength,
        Annotations = new Annotations { LastModified = DateTimeOffset.FromUnixTimeMilliseconds(job.UpdatedAt) },
    };

    private async Task<ResourceContents?> ReadImageAsync(string uri, Guid id, CancellationToken cancellationToken)
    {
        if (await queries.FindAsync(caller.Owner, [id], cancellationToken) is not [{ ImageKey: { } name } job] || ImageKey.Parse(name) is not { } key)
            return null;
        try
        {
            return await store.OpenAsync(key, cancellationToken) is { } image
                ? BlobResourceContents.FromBytes(await image.ReadAsync(cancellationToken), uri, job.ContentType)
                : null;
        }
        catch (IOException)
        {
            throw new McpProtocolException("The image store does not answer. Try again in a few seconds.", McpErrorCode.InternalError);
        }
    }

    private async Task<ResourceContents?> ReadJobAsync(string uri, Guid id, CancellationToken cancellationToken)
    {
        var status = await tools.GetJobStatus(id, cancellationToken: cancellationToken);
        return status.IsError is true ? null : new TextResourceContents
        {
            Uri = uri,
            MimeType = "application/json",
            Text = status.Content.OfType<TextContentBlock>().First().Text,
        };
    }

    // MCP changed the code.
    private static McpErrorCode NotFound(string? protocolVersion) =>
        string.CompareOrdinal(protocolVersion, "2026-07-28") >= 0 ? McpErrorCode.InvalidParams : McpErrorCode.ResourceNotFound;
}
