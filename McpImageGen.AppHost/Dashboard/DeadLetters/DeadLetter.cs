using System.Globalization;
using System.Text;
using System.Text.Json;
using RabbitMQ.Client;

namespace McpImageGen.AppHost.Dashboard.DeadLetters;

/// <summary>A message in a dead-letter queue.</summary>
/// <param name="JobId">The id of its job; null if the message does not contain one.</param>
/// <param name="Reason">Why it was dead-lettered, as reported by MassTransit or the broker.</param>
/// <param name="Content">The complete message. It contains the prompt, so it is shown only on request.</param>
internal sealed record DeadLetter(Guid? JobId, string Reason, string Content)
{
    public static DeadLetter Read(IReadOnlyBasicProperties properties, ReadOnlySpan<byte> body)
    {
        var content = Encoding.UTF8.GetString(body);
        return new DeadLetter(JobIn(content), ReasonIn(properties.Headers ?? new Dictionary<string, object?>()), content);
    }

    /// <summary>The job's id in MassTransit's envelope: <c>{ "message": { "jobId": … } }</c>.</summary>
    private static Guid? JobIn(string content)
    {
        try
        {
            using var envelope = JsonDocument.Parse(content);
            return envelope.RootElement is { ValueKind: JsonValueKind.Object } root
                && root.TryGetProperty("message", out var message) && message.ValueKind == JsonValueKind.Object
                && message.TryGetProperty("jobId", out var id) && id.ValueKind == JsonValueKind.String
                && id.TryGetGuid(out var job)
                ? job
                : null;
        }
        catch (JsonException)
        {
            return null; // an invalid message, which may be why it was dead-lettered
        }
    }

    /// <summary>MassTransit reports what failed or why it skipped the message; the broker reports why it dead-lettered it.</summary>
    private static string ReasonIn(IDictionary<string, object?> headers)
    {
        string?[] reasons =
        [
            Text(headers, "MT-Fault-Message") is { } message ? $"{Text(headers, "MT-Fault-ExceptionType")}: {message}" : null,
            Text(headers, "MT-Reason"),
            Text(headers, "x-first-death-reason"),
        ];
        return reasons.OfType<string>().FirstOrDefault() ?? "unknown";
    }

    private static string? Text(IDictionary<string, object?> headers, string name) => headers.TryGetValue(name, out var value)
        ? value is byte[] bytes ? Encoding.UTF8.GetString(bytes) : Convert.ToString(value, CultureInfo.InvariantCulture)
        : null;
}
