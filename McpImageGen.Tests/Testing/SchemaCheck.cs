using System.Text.Json;

namespace McpImageGen.Tests.Testing;

/// <summary>Holds a JSON value against the keywords of JSON schema that this server uses. A field that an object with named fields does not name is wrong, too.</summary>
public static class SchemaCheck
{
    public static IEnumerable<string> Violations(JsonElement schema, JsonElement value, string path = "$")
    {
        if (!TypesOf(schema).Any(type => IsOf(type, value)))
            return [$"{path} is no {schema.GetProperty("type")}: {value}"];
        return value.ValueKind switch
        {
            JsonValueKind.Object => ViolationsOfObject(schema, value, path),
            JsonValueKind.Array => ViolationsOfList(schema, value, path),
            _ => [],
        };
    }

    private static IEnumerable<string> ViolationsOfList(JsonElement schema, JsonElement list, string path) =>
        schema.TryGetProperty("items", out var items) ? list.EnumerateArray().SelectMany((item, i) => Violations(items, item, $"{path}[{i}]")) : [];

    private static IEnumerable<string> ViolationsOfObject(JsonElement schema, JsonElement value, string path)
    {
        if (schema.TryGetProperty("required", out var required))
        {
            foreach (var name in required.EnumerateArray().Where(name => !value.TryGetProperty(name.GetString()!, out _)))
                yield return $"{path} lacks {name}";
        }

        if (!schema.TryGetProperty("properties", out var properties))
            yield break; // any object
        foreach (var field in value.EnumerateObject())
        {
            if (!properties.TryGetProperty(field.Name, out var property))
                yield return $"{path}.{field.Name} is not described";
            else
            {
                foreach (var violation in Violations(property, field.Value, $"{path}.{field.Name}"))
                    yield return violation;
            }
        }
    }

    private static IEnumerable<string> TypesOf(JsonElement schema)
    {
        var type = schema.GetProperty("type");
        return type.ValueKind == JsonValueKind.Array ? type.EnumerateArray().Select(one => one.GetString()!) : [type.GetString()!];
    }

    private static bool IsOf(string type, JsonElement value) => type switch
    {
        "object" => value.ValueKind == JsonValueKind.Object,
        "array" => value.ValueKind == JsonValueKind.Array,
        "string" => value.ValueKind == JsonValueKind.String,
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "integer" => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _),
        "number" => value.ValueKind == JsonValueKind.Number,
        "null" => value.ValueKind == JsonValueKind.Null,
        _ => throw new ArgumentException($"The type {type} is not known here."),
    };
}
