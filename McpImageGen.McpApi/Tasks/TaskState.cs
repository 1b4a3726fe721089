using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using ModelContextProtocol.Protocol;

namespace McpImageGen.McpApi.Tasks;

/// <summary>How a task is, as the extension <c>io.modelcontextprotocol/tasks</c> says it.</summary>
internal sealed class TaskState : Result
{
    public required string TaskId { get; init; }

    /// <summary><c>working</c>, <c>completed</c> or <c>cancelled</c>; a tool's error is a result too, so none is ever <c>failed</c>.</summary>
    public required string Status { get; init; }

    public string? StatusMessage { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset LastUpdatedAt { get; init; }

    /// <summary>For how long the task can be asked for, at least.</summary>
    public required long TtlMs { get; init; }

    /// <summary>How long to wait before asking again.</summary>
    public long? PollIntervalMs { get; init; }

    /// <summary>The tool's result, of a completed task.</summary>
    public JsonNode? Result { get; init; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(TaskState))]
internal sealed partial class TaskStateJson : JsonSerializerContext;
