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

    public static CallToolResult Result(object fields) => Of(fields, isError: false);

    public static CallToolResult Error(object fields) => Of(fields, isError: true);

    /// <summary>The answer to a call with an argument that cannot be.</summary>
    public static CallToolResult Refusal(ToolRefusal refusal) =>
        Error(new { Success = false, refusal.Error, ErrorCode = "invalid_argument", refusal.Argument });

    /// <summary>The answer to a call that names a job which is unknown or another owner's.</summary>
    public static CallToolResult UnknownJobs() => Error(new { Success = false, Error = "One or more jobs not found", ErrorCode = "not_found" });

    private static CallToolResult Of(object fields, bool isError) => new()
    {
        Content = [new TextContentBlock { Text = JsonSerializer.Serialize(fields, Form) }],
        IsError = isError,
    };
}
