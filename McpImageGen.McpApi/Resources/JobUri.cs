namespace McpImageGen.McpApi.Resources;

/// <summary>The addresses under which clients read what a job is and what it made.</summary>
internal static class JobUri
{
    /// <summary>The template of images.</summary>
    public const string Image = "image://{job_id}";

    /// <summary>The template of jobs.</summary>
    public const string Job = "job://{job_id}";

    private const string Id = "{job_id}";

    /// <summary>The address of a job's image.</summary>
    public static string OfImage(Guid job) => Image.Replace(Id, job.ToString(), StringComparison.Ordinal);

    /// <summary>The job that an address of the template names, in upper or lower case; null when it is no such address.</summary>
    public static Guid? Find(string template, string uri)
    {
        var scheme = template[..^Id.Length];
        return uri.StartsWith(scheme, StringComparison.OrdinalIgnoreCase) && Guid.TryParseExact(uri[scheme.Length..], "D", out var id) ? id : null;
    }
}
