namespace McpImageGen.WorkersAiEmulator.Answers;

/// <summary>An error response in Workers AI's envelope.</summary>
internal sealed record AiError(int Status, int Code, string Message)
{
    /// <summary>Returned by Cloudflare's API authentication, not by Workers AI, so it has no prefix and no request id.</summary>
    public static readonly AiError Authentication = new(401, 10000, "Authentication error");

    public static readonly AiError TooLarge = new(413, 3006, "Request is too large");

    public static AiError BadInput(string what) => new(400, 5006, $"Bad input: Error: {what}");

    public static AiError NoSuchModel(string model) => new(400, 5007, $"No such model {model} or task");

    public string MessageFor(Guid request) => Code == 10000 ? Message : $"AiError: AiError: {Message} ({request})";
}

/// <summary>Fails a request with an error that the real Workers AI would return.</summary>
internal sealed class AiErrorException(AiError error) : Exception(error.Message)
{
    public AiError Error => error;
}
