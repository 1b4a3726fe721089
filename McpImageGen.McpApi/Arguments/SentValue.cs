using System.Text.Json;

namespace McpImageGen.McpApi.Arguments;

/// <summary>The different forms in which clients send the same value.</summary>
internal static class SentValue
{
    /// <summary>True for the values, other than null, that models and forms often send for an omitted argument.</summary>
    public static bool IsEmpty(JsonElement value) =>
        value.ValueKind == JsonValueKind.String ? value.ValueEquals("") : value.ValueKind == JsonValueKind.Array && value.GetArrayLength() == 0;

    /// <summary>2.0 and 1e1 are also integers.</summary>
    public static bool TryGetWhole(JsonElement value, out long whole)
    {
        if (value.TryGetInt64(out whole))
            return true;
        if (!value.TryGetDecimal(out var number) || decimal.Truncate(number) != number || number is < long.MinValue or > long.MaxValue)
            return false;
        whole = (long)number;
        return true;
    }

    /// <summary>The JSON value that a string contains; other values are returned unchanged. Python clients write True and False.</summary>
    public static JsonElement Unquoted(JsonElement sent)
    {
        if (sent.ValueKind != JsonValueKind.String)
            return sent;
        var text = sent.GetString()!;
        if (bool.TryParse(text, out var truth))
            return JsonSerializer.SerializeToElement(truth);
        try
        {
            var value = JsonElement.Parse(text);

            // An unpaired surrogate is detected only when the string is read.
            if (value.ValueKind == JsonValueKind.Array)
                _ = value.EnumerateArray().All(item => item.ValueKind != JsonValueKind.String || item.GetString() is not null);
            return value;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return sent;
        }
    }
}
