using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using ModelContextProtocol.Protocol;

namespace McpImageGen.McpApi.Tasks;

/// <summary>The state of a task in the format of the extension <c>io.modelcontextprotocol/tasks</c>.</summary>
internal sealed class TaskState : Result
{
    public required string TaskId { get; init; }

    /// <summary><c>working</c>, <c>completed</c> or <c>cancelled</c>; a tool's error is also a result, so a task is never <c>failed</c>.</summary>
    public required string Status { get; init; }

    public string? StatusMessage { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset LastUpdatedAt { get; init; }

    /// <summary>The minimum time for which the task is available, in milliseconds.</summary>
    public required long TtlMs { get; init; }

    /// <summary>The recommended interval between polls, in milliseconds.</summary>
    public long? PollIntervalMs { get; init; }

    /// <summary>The tool's result; null until the task is completed.</summary>
    public JsonNode? Result { get; init; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(TaskState))]
internal sealed partial class TaskStateJson : JsonSerializerContext;
