using System.Text.Encodings.Web;
using System.Text.Json;
using ModelContextProtocol.Protocol;

namespace McpImageGen.McpApi.Tools;

/// <summary>
/// The form of every tool's result: one text content that is a JSON object, two-space indented, snake_case.
/// </summary>
internal static class ToolAnswer
{
    private static readonly JsonSerializerOptions Form = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
        NewLine = "\n",

        // Prompts are to be read, not shown in a page: the text is JSON inside JSON.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static CallToolResult Success(object fields) => Of(fields, isError: false);

    public static CallToolResult Failure(object fields) => Of(fields, isError: true);

    /// <summary>The wait ended before the jobs did: no success, but no error either, so that a model does not start the work again.</summary>
    public static CallToolResult StillRunning(object fields) => Of(fields, isError: false);

    private static CallToolResult Of(object fields, bool isError) => new()
    {
        Content = [new TextContentBlock { Text = JsonSerializer.Serialize(fields, Form) }],
        IsError = isError,
    };
}
