namespace McpImageGen.GenerationWorker.WorkersAi;

/// <summary>
/// How this worker reaches Cloudflare Workers AI. Section <c>WorkersAi</c>, so <c>WorkersAi__AccountId</c> and so on in the
/// environment. Checked at start: a wrong value stops the program with one line that names the setting.
/// </summary>
public sealed class WorkersAiOptions
{
    public const string Section = "WorkersAi";

    private const string Cloudflare = "cloudflare.com";

    /// <summary>The Cloudflare account's id. Required, except where <see cref="BaseUrl"/> is an AI Gateway, which names the account itself.</summary>
    public string AccountId { get; set; } = "";

    /// <summary>An API token with the permission Workers AI Read. Required. Never logged, never part of an error.</summary>
    public string ApiToken { get; set; } = "";

    /// <summary>
    /// Where the models are: an absolute http or https address, with or without a slash at its end. One that ends in
    /// <c>/workers-ai</c> is an AI Gateway and is followed by the model's id alone; any other by
    /// <c>accounts/{AccountId}/ai/run/</c> and the model's id.
    /// Default: <c>https://api.cloudflare.com/client/v4/</c>.
    /// </summary>
    public string BaseUrl { get; set; } = "https://api.cloudflare.com/client/v4/";

    /// <summary>
    /// The time limit of one HTTP call, from the connection to the last byte of the image; 1 second to 10 minutes.
    /// Default: 2 minutes, several times what the slowest model usually takes.
    /// </summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>
    /// How many requests the account may send in any 60 s, all its workers together, retries included. 0 to 100,000; 0 for no limit.
    /// Default: 720, Cloudflare's limit for text-to-image models.
    /// </summary>
    public int RequestsPerMinute { get; set; } = 720;

    /// <summary>
    /// What a minute is to <see cref="RequestsPerMinute"/>: 1 second to 1 minute. Default: 1 minute; shorter in tests only.
    /// </summary>
    public TimeSpan RateWindow { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Whose requests are counted together.</summary>
    internal string Account => IsAiGateway ? BaseUrl.TrimEnd('/') : AccountId;

    /// <summary>Where images come from, as anybody may know it: no account, no address. Whatever is not Cloudflare's is there to try with.</summary>
    internal string ImageSource => new Uri(BaseUrl).Host is var host
        && (host.Equals(Cloudflare, StringComparison.OrdinalIgnoreCase) || host.EndsWith("." + Cloudflare, StringComparison.OrdinalIgnoreCase))
            ? "Cloudflare Workers AI"
            : "the Workers AI emulator";

    internal bool IsAiGateway => BaseUrl.TrimEnd('/').EndsWith("/workers-ai", StringComparison.OrdinalIgnoreCase);

    internal Uri AddressOf(string modelId)
    {
        var root = BaseUrl.TrimEnd('/');
        return new Uri(IsAiGateway ? $"{root}/{modelId}" : $"{root}/accounts/{Uri.EscapeDataString(AccountId)}/ai/run/{modelId}");
    }
}
