using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace McpImageGen.GenerationWorker.WorkersAi;

/// <summary>
/// A response without an image: Cloudflare's error envelope, an AI Gateway's, an edge server's plain text, an HTML page,
/// or an empty body. Parsing never fails.
/// </summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Codes">Cloudflare's error codes, usually one; empty when the response is not an envelope.</param>
/// <param name="Message">The raw message. It must not be shown or logged; use <see cref="Reason"/> instead.</param>
internal sealed partial record ErrorResponse(int Status, IReadOnlyList<int> Codes, string Message)
{
    private const char ByteOrderMark = '\uFEFF';

    private static readonly TimeSpan MaxRetryAfter = TimeSpan.FromHours(1);

    /// <summary>The time at which the response arrived.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>How long the provider asks to wait before the next request, at most 1 hour; null if it does not say.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Why a successful response is not an image.</summary>
    public string Problem { get; init; } = "Workers AI sent an unexpected response";

    /// <summary>True if it is an HTML page.</summary>
    public bool IsPage { get; init; }

    /// <summary>The message, cleaned by <see cref="UpstreamMessage"/> for the job's owner, or null.</summary>
    public string? Reason { get; init; }

    /// <summary>Status and codes for use in messages, for example <c>HTTP 429, code 3040</c>.</summary>
    public string Label => Codes.Count == 0 ? $"HTTP {Status}" : $"HTTP {Status}, code {string.Join(", ", Codes)}";

    /// <summary>
    /// True for one of these statuses, and for a success status whose envelope reports an error: then only the code distinguishes errors.
    /// </summary>
    public bool Is(params ReadOnlySpan<int> statuses) => Status is >= 200 and < 300 || statuses.Contains(Status);

    public bool Has(params ReadOnlySpan<int> codes)
    {
        foreach (var code in Codes)
        {
            if (codes.Contains(code))
                return true;
        }
        return false;
    }

    public bool Says(string words) => Message.Contains(words, StringComparison.OrdinalIgnoreCase);

    /// <param name="response">The status and headers.</param>
    /// <param name="body">The body, possibly truncated.</param>
    /// <param name="secrets">Values that must not appear in <see cref="Reason"/>.</param>
    /// <param name="now">The current time.</param>
    public static ErrorResponse Of(HttpResponseMessage response, ReadOnlySpan<byte> body, IEnumerable<string?> secrets, DateTimeOffset now)
    {
        var text = Encoding.UTF8.GetString(body).Trim(ByteOrderMark).Trim();
        var (codes, message) = Read(text);
        return new ErrorResponse((int)response.StatusCode, codes, message)
        {
            At = now,
            IsPage = text.StartsWith('<'),
            RetryAfter = RetryAfterOf(response, now),
            Reason = UpstreamMessage.Clean(message, secrets),
        };
    }

    private static (IReadOnlyList<int> Codes, string Message) Read(string body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            var errors = ErrorsOf(json.RootElement);
            return ([.. errors.Select(CodeOf).OfType<int>()], string.Join("; ", errors.Select(MessageOf).Where(text => text.Length > 0)));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException) // the latter: a string that is not valid UTF-16
        {
            // An HTML page or a truncated envelope or image is of no use to a person.
            return char.IsLetter(body.FirstOrDefault()) ? (PlainTextCode(body), body) : ([], "");
        }
    }

    /// <summary>Workers AI uses <c>errors</c>, AI Gateway <c>error</c>; the value is an array, an object or a string.</summary>
    private static JsonElement[] ErrorsOf(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object)
            return [];
        if (!root.TryGetProperty("errors", out var errors) && !root.TryGetProperty("error", out errors))
            return [];
        return errors.ValueKind == JsonValueKind.Array ? [.. errors.EnumerateArray()] : [errors];
    }

    private static int? CodeOf(JsonElement error)
    {
        if (error.ValueKind != JsonValueKind.Object || !error.TryGetProperty("code", out var code))
            return null;
        return int.TryParse(code.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
    }

    private static string MessageOf(JsonElement error) => error.ValueKind switch
    {
        JsonValueKind.String => error.GetString()!,
        JsonValueKind.Object when error.TryGetProperty("message", out var message) && message.ValueKind == JsonValueKind.String =>
            message.GetString()!,
        _ => "",
    };

    private static int[] PlainTextCode(string text) =>
        EdgeCode().Match(text) is { Success: true } match ? [int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture)] : [];

    private static TimeSpan? RetryAfterOf(HttpResponseMessage response, DateTimeOffset now)
    {
        var header = response.Headers.RetryAfter;
        var wait = header?.Delta ?? header?.Date - now;
        if (wait is null || wait <= TimeSpan.Zero)
            return null;
        return wait < MaxRetryAfter ? wait : MaxRetryAfter;
    }

    [GeneratedRegex(@"^error code: (\d{1,6})$", RegexOptions.IgnoreCase)]
    private static partial Regex EdgeCode();
}
