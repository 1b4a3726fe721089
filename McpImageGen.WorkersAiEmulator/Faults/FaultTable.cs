using McpImageGen.WorkersAiEmulator.Answers;

namespace McpImageGen.WorkersAiEmulator.Faults;

/// <summary>All faults: the rows of Cloudflare's error table, and responses that are broken without being errors.</summary>
internal static class FaultTable
{
    private const string Quota =
        "you have used up your daily free allocation of 10,000 neurons, please upgrade to Cloudflare's Workers Paid plan if you would like to continue usage.";

    public static readonly IReadOnlyList<Fault> All =
    [
        Error("quota-3036", 429, 3036, Quota),
        Error("quota-4006", 429, 4006, Quota),
        Error("capacity-3040", 429, 3040, "Capacity temporarily exceeded, please try again."),
        new("edge-rate-limit", FaultKind.EdgeError, 429, new AiError(429, 1015, "error code: 1015")),
        Error("timeout-3007", 408, 3007, "Request timeout"),
        Error("aborted-3008", 408, 3008, "Request was aborted"),
        Error("server-error", 500, 3043, "Internal server error"),
        new("bad-gateway", FaultKind.EdgeError, 502, new AiError(502, 502, "error code: 502")),
        new("unavailable", FaultKind.EdgeError, 503, new AiError(503, 503, "error code: 503")),
        new("gateway-timeout", FaultKind.EdgeError, 504, new AiError(504, 504, "error code: 504")),
        Error("prompt-rejected", 400, 8007, "Input prompt contains NSFW content"),
        Error("upstream-8007", 400, 8007, "The upstream provider could not use this input"),
        Error("output-rejected", 400, 3030, "Your output has been flagged. Choose another prompt/input image combination"),
        Error("bad-input-3003", 400, 3003, "Incomplete request"),
        Error("bad-input", 400, 5004, "Invalid data"),
        Error("bad-input-5006", 400, 5006, "Bad input: Error: required properties at '/' are 'prompt'"),
        Error("no-such-model-5007", 400, 5007, "No such model or task"),
        Error("no-such-model-3042", 404, 3042, "Model not found"),
        Error("too-large", 413, 3006, "Request is too large"),
        new("bad-token", FaultKind.Error, 401, AiError.Authentication),
        Error("forbidden-10000", 403, 10000, "Authentication error"),
        Error("forbidden", 403, 5018, "This account is not allowed to access this model"),
        Error("forbidden-5016", 403, 5016, "Model agreement needed: submit the prompt 'agree' once"),
        Error("forbidden-3023", 403, 3023, "Account not allowed for private model"),
        Error("forbidden-3041", 403, 3041, "Account not allowed to access this model"),
        Error("forbidden-5035", 403, 5035, "This account's plan does not include this model"),
        new("dropped-connection", FaultKind.Dropped, 0),
        new("dropped-midway", FaultKind.DroppedMidway),
        new("truncated-body", FaultKind.Truncated),
        new("empty-body", FaultKind.Empty),
        new("not-an-image", FaultKind.NotAnImage),
        new("no-image", FaultKind.NoImage),
        new("no-answer", FaultKind.NoAnswer, 0),
    ];

    /// <summary>All names, for error messages.</summary>
    public static string Names { get; } = string.Join(", ", All.Select(fault => fault.Name));

    public static Fault? Find(string name) => All.FirstOrDefault(fault => fault.Name == name);

    private static Fault Error(string name, int status, int code, string message) =>
        new(name, FaultKind.Error, status, new AiError(status, code, message));
}
