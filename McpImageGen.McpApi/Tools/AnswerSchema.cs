using System.Text.Json;
using System.Text.Json.Nodes;

namespace McpImageGen.McpApi.Tools;

/// <summary>
/// The output schema of each tool. It covers success and failure: only <c>success</c> is required. It contains only the fields and their
/// types, to keep tools/list small. <see cref="OfAny"/> lists the fields that any result can have in addition.
/// </summary>
internal static class AnswerSchema
{
    private const string Text = "string", Whole = "integer", Number = "number", Truth = "boolean";

    /// <summary>Fields of every tool's results with details about a failure or about ignored arguments. The schemas allow them without listing them.</summary>
    public static readonly IReadOnlyList<string> OfAny = ["error_code", "argument", "unfinished", "limit", IgnoredArguments.Field, IgnoredArguments.Hint];

    private static readonly JsonElement Any = Answer();

    private static readonly JsonElement Started = Answer(
    [
        ("job_id", Type(Text)), ("job_ids", ListOf(Text)), ("count", Type(Whole)), ("status", Type(Text)), ("message", Type(Text)), ("prompt", Type(Text)), ("model", Type(Text)),
        ("estimated_time_seconds", Type(Whole)),
    ]);

    private static readonly JsonElement Wait = Answer(
    [
        ("job_id", Type(Text)), ("status", Type(Text)), ("image_url", Type(Text)), ("prompt", Type(Text)), ("model", Type(Text)), ("count", Type(Whole)),
        ("results", Objects), ("failed", Objects), ("completed", Objects), ("timed_out", Type(Truth)), ("jobs", Objects), ("next", Type(Text)), ("inline", Type("object")),
    ]);

    private static readonly (string, JsonNode)[] Page =
    [
        ("total_count", Type(Whole)), ("total_count_is_estimate", Type(Truth)), ("returned_count", Type(Whole)), ("has_more", Type(Truth)), ("limit", Type(Whole)), ("offset", Type(Whole)),
    ];

    private static readonly Dictionary<string, JsonElement> Answers = new()
    {
        ["generate_image"] = Started,
        ["generate_image_and_wait"] = Wait,
        ["edit_image"] = Started,
        ["edit_image_and_wait"] = Wait,
        ["wait_for_completion"] = Wait,
        ["get_job_status"] = Answer(
            ("error", TypeOrNull(Text)), ("job_id", Type(Text)), ("status", Type(Text)), ("image_url", TypeOrNull(Text)), ("prompt", Type(Text)), ("model", Type(Text)), ("created_at", Type(Whole)), ("updated_at", Type(Whole)),
            ("waiting", TypeOrNull("object")), ("attempts", Type(Whole)), ("reclaimed", TypeOrNull("object")), ("neurons", TypeOrNull(Number)), ("parameters", Type("object")), ("input_images", TextsOrNull),
            ("inline", Type("object"))),
        ["list_generations"] = Answer([.. Page, ("next_cursor", TypeOrNull(Text)), ("generations", Objects)]),
        ["list_jobs"] = Answer([.. Page, ("filter", Type(Text)), ("jobs", Objects)]),
        ["list_models"] = Answer(
            ("count", Type(Whole)), ("default_model", Type(Text)), ("default_model_for_editing", Type(Text)), ("cost_unit", Type(Text)), ("models", Objects)),
        ["cancel_job"] = Answer(("cancelled_count", Type(Whole)), ("message", Type(Text)), ("jobs", Objects)),
        ["delete_generation"] = Answer(("job_id", Type(Text)), ("status", Type(Text)), ("deleted", Type(Truth)), ("message", Type(Text))),
    };

    private static JsonObject Objects => Type("array");

    private static JsonObject TextsOrNull => new() { ["type"] = new JsonArray("array", "null"), ["items"] = Type(Text) };

    /// <summary>The output schema of a tool; for an unknown tool, the schema that all results have in common.</summary>
    public static JsonElement Of(string tool) => Answers.GetValueOrDefault(tool, Any);

    private static JsonElement Answer(params (string Name, JsonNode Schema)[] fields)
    {
        var properties = new JsonObject { ["success"] = Type(Truth), ["error"] = Type(Text) };
        foreach (var (name, schema) in fields)
            properties[name] = schema.DeepClone(); // a node has one parent only
        return JsonSerializer.SerializeToElement(
            new JsonObject { ["type"] = "object", ["properties"] = properties, ["required"] = new JsonArray("success") });
    }

    private static JsonObject Type(string type) => new() { ["type"] = type };

    private static JsonObject TypeOrNull(string type) => new() { ["type"] = new JsonArray(type, "null") };

    private static JsonObject ListOf(string type) => new() { ["type"] = "array", ["items"] = Type(type) };
}
