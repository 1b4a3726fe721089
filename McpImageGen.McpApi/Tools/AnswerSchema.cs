using System.Text.Json;
using System.Text.Json.Nodes;

namespace McpImageGen.McpApi.Tools;

/// <summary>
/// The JSON schema of each tool's answer, one for success and failure alike: only <c>success</c> is always there, since which of the others are
/// depends on what came of the call.
/// </summary>
internal static class AnswerSchema
{
    private static readonly (string, JsonNode) JobId = ("job_id", Text("A UUID."));
    private static readonly (string, JsonNode) Status = ("status", Text("pending, processing, completed, failed or cancelled."));
    private static readonly (string, JsonNode) ImageUrl = ("image_url", Optional("string", "Where the image is, open to whoever has the link; null while there is none."));
    private static readonly (string, JsonNode) Prompt = ("prompt", Text());
    private static readonly (string, JsonNode) Model = ("model", Text());
    private static readonly (string, JsonNode) CreatedAt = ("created_at", Integer("Unix milliseconds."));
    private static readonly (string, JsonNode) UpdatedAt = ("updated_at", Integer("Unix milliseconds."));
    private static readonly (string, JsonNode) Error = ("error", Optional("string", "What went wrong and what to do about it."));
    private static readonly (string, JsonNode) ErrorCode = ("error_code", Optional("string", "The error for programs."));
    private static readonly (string, JsonNode) Message = ("message", Text("What to do next."));
    private static readonly (string, JsonNode) Count = ("count", Integer());

    private static readonly (string, JsonNode) Waiting = ("waiting", Object(
        "Why a pending job waits; null when it does not.", isOptional: true,
        ("reason", Optional("string")), ("code", Optional("string")), ("next_attempt_at", Optional("integer", "Unix milliseconds.")),
        ("attempts", Integer())));

    private static readonly (string, JsonNode) Inline = ("inline", Object(
        "Of which jobs the images are in this answer.", isOptional: false,
        ("shown", ListOf(Text())), ("left_out", ListOf(Text())), Message));

    private static readonly (string, JsonNode)[] Page =
    [
        ("total_count", Integer()), ("total_count_is_estimate", Boolean()), ("returned_count", Integer()), ("has_more", Boolean()),
        ("limit", Integer()), ("offset", Integer()),
    ];

    private static readonly JsonElement Any = Answer();

    private static readonly JsonElement Started = Answer(
        JobId, ("job_ids", ListOf(Text("A UUID."))), Count, Status, Message, Prompt, Model, ("estimated_time_seconds", Integer()));

    private static readonly JsonElement Wait = Answer(
        Status, ImageUrl, Prompt, Model, JobId, Count,
        ("results", ListOf(JobId, ImageUrl, Prompt, Model)),
        ("failed", ListOf(JobId, Error, ErrorCode)),
        ("completed", ListOf(JobId, ImageUrl)),
        ("timed_out", Boolean("The jobs go on; next says how to wait for them.")),
        ("jobs", ListOf(JobId, Status, Waiting)),
        ("next", Text("What to do after a wait that timed out.")),
        Inline);

    private static readonly Dictionary<string, JsonElement> Answers = new()
    {
        ["generate_image"] = Started,
        ["generate_image_and_wait"] = Wait,
        ["edit_image"] = Started,
        ["edit_image_and_wait"] = Wait,
        ["wait_for_completion"] = Wait,
        ["get_job_status"] = Answer(
            JobId, Status, ImageUrl, Prompt, Model, CreatedAt, UpdatedAt, Waiting, ("attempts", Integer()),
            ("neurons", Optional("number", "What it cost, in Workers AI neurons.")),
            ("parameters", Object("What was asked of the model beside the prompt.", isOptional: false)),
            ("input_images", NullOr(ListOf(Text()), "The images that it started from.")), Inline),
        ["list_generations"] = Answer(
            [.. Page, ("generations", ListOf(("id", Text()), JobId, ImageUrl, Prompt, Model, CreatedAt))]),
        ["list_jobs"] = Answer(
            [.. Page, ("filter", Text()), ("jobs", ListOf(("id", Text()), Status, Prompt, Model, ImageUrl, Error, CreatedAt, UpdatedAt))]),
        ["cancel_job"] = Answer(
            ("cancelled_count", Integer()), Message, ("jobs", ListOf(JobId, Status, ("cancelled", Boolean("By this call."))))),
        ["delete_generation"] = Answer(JobId, Status, ("deleted", Boolean()), Message),
    };

    /// <summary>The schema of the tool's answers; of a tool that is not described here what holds for all.</summary>
    public static JsonElement Of(string tool) => Answers.GetValueOrDefault(tool, Any);

    private static JsonElement Answer(params (string Name, JsonNode Schema)[] fields)
    {
        var schema = Object(
            null, isOptional: false,
            [("success", Boolean()), Error, ErrorCode, ("argument", Text("The argument to mend.")), ("unfinished", Integer()), ("limit", Integer()), .. fields]);
        schema["required"] = new JsonArray("success");
        return JsonSerializer.SerializeToElement(schema);
    }

    private static JsonObject Object(string? description, bool isOptional, params (string Name, JsonNode Schema)[] fields)
    {
        var properties = new JsonObject();
        foreach (var (name, schema) in fields)
            properties[name] = schema.DeepClone(); // a node has one parent only
        var result = isOptional ? Optional("object", description) : Of("object", description);
        result["properties"] = properties;
        return result;
    }

    private static JsonObject ListOf(params (string Name, JsonNode Schema)[] fields) => ListOf(Object(null, isOptional: false, fields));

    private static JsonObject ListOf(JsonNode items)
    {
        var result = Of("array", null);
        result["items"] = items;
        return result;
    }

    private static JsonObject NullOr(JsonObject schema, string description)
    {
        schema["type"] = new JsonArray(schema["type"]!.GetValue<string>(), "null");
        schema["description"] = description;
        return schema;
    }

    private static JsonObject Text(string? description = null) => Of("string", description);

    private static JsonObject Integer(string? description = null) => Of("integer", description);

    private static JsonObject Boolean(string? description = null) => Of("boolean", description);

    private static JsonObject Optional(string type, string? description = null) => Described(new JsonArray(type, "null"), description);

    private static JsonObject Of(string type, string? description) => Described(JsonValue.Create(type), description);

    private static JsonObject Described(JsonNode type, string? description)
    {
        var result = new JsonObject { ["type"] = type };
        if (description is not null)
            result["description"] = description;
        return result;
    }
}
