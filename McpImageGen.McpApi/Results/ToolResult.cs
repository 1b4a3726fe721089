using System.Text.Json.Serialization;
using McpImageGen.McpApi.Application;
using McpImageGen.McpApi.Images;

namespace McpImageGen.McpApi.Results;

/// <summary>The JSON object that a tool returns. A derived record for each kind of result adds its fields; their order is the order in the JSON.</summary>
/// <param name="Success">True if the request was carried out.</param>
internal abstract record ToolResult([property: JsonPropertyOrder(-1)] bool Success = true)
{
    /// <summary>True if clients must treat the result as an error.</summary>
    [JsonIgnore]
    public virtual bool IsError => !Success;

    /// <summary>The names of arguments that the tool does not have.</summary>
    [JsonPropertyOrder(2), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? IgnoredArguments { get; init; }

    /// <summary>How the ignored arguments were probably meant.</summary>
    [JsonPropertyOrder(3), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Hint { get; init; }
}

/// <summary>A result about jobs, to which previews of their images can be attached.</summary>
internal abstract record ImageResult(bool Success = true) : ToolResult(Success)
{
    /// <summary>Information about the attached previews; null if none were requested.</summary>
    [JsonPropertyOrder(1), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public PreviewReport? Inline { get; init; }
}

/// <summary>A request was not carried out.</summary>
internal sealed record ErrorResult(
    string Error,
    string ErrorCode,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Argument,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Guid? JobId,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Status,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? Unfinished,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? Limit) : ToolResult(Success: false)
{
    public static ErrorResult Of(RequestError error) =>
        new(error.Message, error.Code, error.Argument, error.JobId, error.Status, error.Unfinished, error.Limit);
}

/// <summary>The previews that are attached to a result, by the ids of their jobs.</summary>
/// <param name="Shown">The attached previews, in their order.</param>
/// <param name="LeftOut">The jobs whose images did not fit or could not be read now.</param>
/// <param name="Unreadable">The jobs whose images are damaged or cannot be read by the server; null if there are none.</param>
/// <param name="Message">What the client can do to see all images.</param>
internal sealed record PreviewReport(
    IReadOnlyList<Guid> Shown,
    IReadOnlyList<Guid> LeftOut,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<Guid>? Unreadable,
    string Message)
{
    // Also correct for clients that show only the structured content.
    private const string AllShown =
        "Previews of the jobs in shown are attached to this result as image content, in the same order. If the client does not show image content, use the image_url.";
    private const string SomeLeftOut =
        " The images of the jobs in left_out did not fit or could not be read: use their image_url, or call get_job_status with inline true for one job.";
    private const string SomeUnreadable = " The images of the jobs in unreadable are damaged, or the server cannot read them; waiting does not help.";

    /// <summary>The report; null if there is nothing to report.</summary>
    public static PreviewReport? Of(Previews? previews) => previews is null or { Shown: [], LeftOut: [], Unreadable: [] }
        ? null
        : new(
            [.. previews.Shown.Select(preview => preview.JobId)],
            previews.LeftOut,
            previews.Unreadable.Count > 0 ? previews.Unreadable : null,
            AllShown + (previews.LeftOut.Count > 0 ? SomeLeftOut : "") + (previews.Unreadable.Count > 0 ? SomeUnreadable : ""));
}
