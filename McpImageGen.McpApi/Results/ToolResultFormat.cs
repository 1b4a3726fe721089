using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using McpImageGen.Jobs;
using McpImageGen.McpApi.Arguments;
using McpImageGen.McpApi.Images;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace McpImageGen.McpApi.Results;

/// <summary>
/// The form of every tool result: one text content with the JSON object, two-space indented, snake_case; the same object as structured content; then
/// the requested previews of images, and the requested resource links to images.
/// </summary>
internal static class ToolResultFormat
{
    /// <summary>The <c>_meta</c> field that a client sets to true to get resource links.</summary>
    public const string ResourceLinksMeta = "mcp-image-generator/resource_links";

    private const string FirstRevisionWithResourceLinks = "2025-06-18";

    public static JsonSerializerOptions Json { get; } = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
        NewLine = "\n",

        // The text is JSON inside JSON and is not embedded in HTML, so prompts stay readable.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
    };

    /// <summary>The result of a tool call, with the arguments that the call ignored.</summary>
    /// <param name="request">The call.</param>
    /// <param name="result">The JSON object.</param>
    /// <param name="jobs">The jobs whose images the result links to.</param>
    public static CallToolResult Result(
        this RequestContext<CallToolRequestParams> request, ToolResult result, IEnumerable<GenerationJob>? jobs = null) =>
        request.Build(result, jobs, previews: null);

    /// <param name="request">The call.</param>
    /// <param name="result">The JSON object.</param>
    /// <param name="jobs">The jobs whose images the result links to.</param>
    /// <param name="previews">Previews that are attached to the result; null if they were not requested.</param>
    /// <inheritdoc cref="Result(RequestContext{CallToolRequestParams}, ToolResult, IEnumerable{GenerationJob}?)"/>
    public static CallToolResult Result(
        this RequestContext<CallToolRequestParams> request, ImageResult result, IEnumerable<GenerationJob> jobs, Previews? previews) =>
        request.Build(result with { Inline = PreviewReport.Of(previews) }, jobs, previews);

    private static CallToolResult Build(
        this RequestContext<CallToolRequestParams> request, ToolResult result, IEnumerable<GenerationJob>? jobs, Previews? previews) => Format(
            result with { IgnoredArguments = IgnoredArguments.In(request)?.Names, Hint = IgnoredArguments.In(request)?.Hint },
            AreLinksRequested(request.JsonRpcRequest, request.Server.NegotiatedProtocolVersion) ? jobs : null,
            previews);

    /// <summary>A result in the form that the client of a request gets.</summary>
    public static CallToolResult Format(ToolResult result, IEnumerable<GenerationJob> jobs, JsonRpcRequest request) =>
        Format(result, AreLinksRequested(request, request.Context?.ProtocolVersion) ? jobs : null, previews: null);

    /// <summary>The JSON object as text.</summary>
    public static string TextOf(ToolResult result) => JsonSerializer.Serialize<object>(result, Json);

    private static CallToolResult Format(ToolResult result, IEnumerable<GenerationJob>? jobs, Previews? previews) => new()
    {
        Content =
        [
            new TextContentBlock { Text = TextOf(result) },
            .. (previews?.Shown ?? []).Select(PreviewOf),
            .. (jobs ?? []).Where(job => job.ImageKey is not null).DistinctBy(job => job.Id).Select(LinkTo),
        ],
        StructuredContent = JsonSerializer.SerializeToElement<object>(result, Json),
        IsError = result.IsError,
    };

    /// <summary>
    /// True if the client requests resource links and uses a version of MCP that has them. Other clients reject a result with a link, or turn it into a
    /// file that their model cannot read.
    /// </summary>
    private static bool AreLinksRequested(JsonRpcRequest request, string? protocolVersion) =>
        string.CompareOrdinal(protocolVersion, FirstRevisionWithResourceLinks) >= 0
        && request.Params?["_meta"] is JsonObject meta && meta[ResourceLinksMeta] is JsonValue value && value.TryGetValue<bool>(out var links) && links;

    private static ImageContentBlock PreviewOf(Preview preview)
    {
        var block = ImageContentBlock.FromBytes(preview.Jpeg, "image/jpeg");
        block.Annotations = new Annotations { Audience = [Role.User, Role.Assistant] };
        return block;
    }

    private static ResourceLinkBlock LinkTo(GenerationJob job) => new()
    {
        Uri = JobUri.OfImage(job.Id),
        Name = job.Id + job.ImageKey?.Extension,
        MimeType = job.ContentType,
        Size = job.ImageLength,
    };
}
