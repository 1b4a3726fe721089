using System.Globalization;
using System.Text;
using System.Text.Json;
using RabbitMQ.Client;

namespace McpImageGen.AppHost.Dashboard.DeadLetters;

/// <summary>A message that no worker will read, as far as it tells what it is.</summary>
/// <param name="JobId">The job that it asks for; null where the message does not say it.</param>
/// <param name="Reason">Why it is where it is, in the words of who put it there.</param>
/// <param name="Content">The whole message. It holds a prompt: not shown unless it is asked for.</param>
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
            return null; // what is no message of ours may be why it lies here
        }
    }

    /// <summary>MassTransit says what failed, or why it skipped the message; the broker says why it gave it up.</summary>
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
