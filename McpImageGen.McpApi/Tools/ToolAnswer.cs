using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using McpImageGen.Jobs;
using McpImageGen.McpApi.Images;
using ModelContextProtocol.Protocol;

namespace McpImageGen.McpApi.Tools;

/// <summary>
/// Builds the result of every tool: one text content that is a JSON object, two-space indented, snake_case; the same object as structured content;
/// then previews of the images if requested, and resource links to the images.
/// </summary>
internal static class ToolAnswer
{
    // Also correct for clients that show only the structured content.
    private const string AllShown =
        "Previews of the jobs in shown are attached to this result as image content, in the same order. If the client does not show image content, use the image_url.";
    private const string SomeLeftOut =
        AllShown + " The images of the jobs in left_out did not fit or could not be read: use their image_url, or call get_job_status with inline true for one job.";

    private const string SomeUnreadable = " The images of the jobs in unreadable are damaged, or the server cannot read them; waiting does not help.";

    private static readonly JsonSerializerOptions Form = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
        NewLine = "\n",

        // The text is JSON inside JSON and is not embedded in HTML, so prompts stay readable.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <param name="fields">The JSON object.</param>
    /// <param name="jobs">The jobs whose images the result links to, for clients that request resource links.</param>
    /// <param name="previews">Previews that are attached to the result; null if they were not requested.</param>
    public static CallToolResult Result(object fields, IEnumerable<GenerationJob>? jobs = null, Previews? previews = null) =>
        Of(fields, isError: false, jobs, previews);

    /// <inheritdoc cref="Result"/>
    public static CallToolResult Error(object fields, IEnumerable<GenerationJob>? jobs = null, Previews? previews = null) =>
        Of(fields, isError: true, jobs, previews);

    /// <summary>The result of a call with an invalid argument.</summary>
    public static CallToolResult Refusal(ArgumentError refusal) =>
        Error(new { Success = false, refusal.Error, ErrorCode = "invalid_argument", refusal.Argument });

    /// <summary>The result of a call about one job that is unknown or belongs to another owner.</summary>
    public static CallToolResult UnknownJob(Guid jobId) => Error(new { Success = false, Error = "Job not found", JobId = jobId, ErrorCode = "not_found" });

    /// <summary>The result of a call about several jobs, if one is unknown or belongs to another owner.</summary>
    public static CallToolResult UnknownJobs() => Error(new { Success = false, Error = "One or more jobs not found", ErrorCode = "not_found" });

    /// <summary>Adds fields to a result; fields that are null are omitted.</summary>
    public static CallToolResult With(CallToolResult answer, params (string Name, object? Value)[] fields)
    {
        var json = JsonSerializer.SerializeToNode(answer.StructuredContent)!.AsObject();
        foreach (var (name, value) in fields.Where(field => field.Value is not null))
            json[name] = JsonSerializer.SerializeToNode(value);
        answer.Content = [new TextContentBlock { Text = json.ToJsonString(Form) }, .. answer.Content.Skip(1)];
        answer.StructuredContent = JsonSerializer.SerializeToElement(json);
        return answer;
    }

    private static CallToolResult Of(object fields, bool isError, IEnumerable<GenerationJob>? jobs, Previews? previews)
    {
        var answer = JsonSerializer.SerializeToNode(fields, Form)!.AsObject();
        if (previews is not (null or { Shown: [], LeftOut: [], Unreadable: [] }))
            answer["inline"] = InlineFields(previews);
        return new CallToolResult
        {
            Content =
            [
                new TextContentBlock { Text = answer.ToJsonString(Form) },
                .. (previews?.Shown ?? []).Select(PreviewOf),
                .. (jobs ?? []).Where(job => job.ImageKey is not null).DistinctBy(job => job.Id).Select(LinkTo),
            ],
            StructuredContent = JsonSerializer.SerializeToElement(answer),
            IsError = isError,
        };
    }

    private static JsonObject InlineFields(Previews previews)
    {
        var fields = JsonSerializer.SerializeToNode(
            new { Shown = previews.Shown.Select(preview => preview.JobId), previews.LeftOut }, Form)!.AsObject();
        if (previews.Unreadable.Count > 0)
            fields["unreadable"] = JsonSerializer.SerializeToNode(previews.Unreadable);
        fields["message"] = (previews.LeftOut.Count == 0 ? AllShown : SomeLeftOut) + (previews.Unreadable.Count == 0 ? "" : SomeUnreadable);
        return fields;
    }

    private static ImageContentBlock PreviewOf(Preview preview)
    {
        var block = ImageContentBlock.FromBytes(preview.Jpeg, "image/jpeg");
        block.Annotations = new Annotations { Audience = [Role.User, Role.Assistant] };
        return block;
    }

    private static ResourceLinkBlock LinkTo(GenerationJob job) => new()
    {
        Uri = $"image://{job.Id}",
        Name = job.Id + Path.GetExtension(job.ImageKey),
        MimeType = job.ContentType,
        Size = job.ImageLength,
    };
}
