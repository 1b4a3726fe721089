namespace McpImageGen.McpApi.Results;

/// <summary>The URIs of jobs and of their images.</summary>
internal static class JobUri
{
    /// <summary>The URI template of images.</summary>
    public const string Image = "image://{job_id}";

    /// <summary>The URI template of jobs.</summary>
    public const string Job = "job://{job_id}";

    private const string Id = "{job_id}";

    /// <summary>The URI of a job's image.</summary>
    public static string OfImage(Guid job) => Image.Replace(Id, job.ToString(), StringComparison.Ordinal);

    /// <summary>The job id in a URI of the given template, ignoring case; null if the URI does not match the template.</summary>
    public static Guid? Find(string template, string uri)
    {
        var scheme = template[..^Id.Length];
        return uri.StartsWith(scheme, StringComparison.OrdinalIgnoreCase) && Guid.TryParseExact(uri[scheme.Length..], "D", out var id) ? id : null;
    }
}
