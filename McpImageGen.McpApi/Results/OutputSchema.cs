using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization.Metadata;

namespace McpImageGen.McpApi.Results;

/// <summary>
/// The output schema of a tool, from the records of its results. It covers success and failure: only <c>success</c> is required. It contains only the
/// fields and their types, to keep tools/list small.
/// </summary>
internal static class OutputSchema
{
    private static readonly string[] Repeated = ["prompt", "model"];

    /// <summary>
    /// Fields with details about an error or about ignored arguments, and fields that repeat arguments of the call. The schemas allow them without
    /// listing them.
    /// </summary>
    public static readonly IReadOnlyList<string> NotListed =
        ["error_code", "argument", "unfinished", "limit", "ignored_arguments", "hint", .. Repeated];

    private static readonly JsonSchemaExporterOptions Options = new() { TreatNullObliviousAsNonNullable = true };

    public static JsonElement Of(IEnumerable<Type> results)
    {
        var properties = new JsonObject();
        foreach (var property in results.SelectMany(FieldsOf).Concat(FieldsOf(typeof(ErrorResult)).Where(field => field.Name is "success" or "error")))
            properties.TryAdd(property.Name, SchemaOf(property));
        return JsonSerializer.SerializeToElement(
            new JsonObject { ["type"] = "object", ["properties"] = properties, ["required"] = new JsonArray("success") });
    }

    private static IEnumerable<JsonPropertyInfo> FieldsOf(Type result) =>
        ToolResultFormat.Json.GetTypeInfo(result).Properties.Where(field => field.Get is not null && !IsDetail(field));

    /// <summary>The page size of a list has the name of a detail of an error.</summary>
    private static bool IsDetail(JsonPropertyInfo field) =>
        Repeated.Contains(field.Name) || NotListed.Contains(field.Name) && (field.DeclaringType == typeof(ToolResult) || field.DeclaringType == typeof(ErrorResult) || field.Name == "error_code");

    private static JsonObject SchemaOf(JsonPropertyInfo field)
    {
        var full = ToolResultFormat.Json.GetJsonSchemaAsNode(field.PropertyType, Options);
        var type = full["type"] is JsonArray types ? types[0]!.GetValue<string>() : full["type"]!.GetValue<string>();

        // A field with a condition is omitted instead of being null.
        var schema = new JsonObject { ["type"] = field.IsGetNullable && field.ShouldSerialize is null ? new JsonArray(type, "null") : type };
        if (full["items"]?["type"] is JsonValue item && item.GetValue<string>() == "string")
            schema["items"] = new JsonObject { ["type"] = "string" };
        return schema;
    }
}
