namespace McpImageGen.GenerationWorker.WorkersAi;

/// <summary>
/// Settings for Cloudflare Workers AI. Section <c>WorkersAi</c>, so <c>WorkersAi__AccountId</c> and so on in the
/// environment. Validated at startup: an invalid value stops the program with one line that names the setting.
/// </summary>
public sealed class WorkersAiOptions
{
    public const string Section = "WorkersAi";

    private const string Cloudflare = "cloudflare.com";

    /// <summary>The Cloudflare account id. Required unless <see cref="BaseUrl"/> is an AI Gateway, whose address contains the account.</summary>
    public string AccountId { get; set; } = "";

    /// <summary>An API token with the permission Workers AI Read. Required. Never logged or included in errors.</summary>
    public string ApiToken { get; set; } = "";

    /// <summary>
    /// The token of an AI Gateway that requires authentication, sent as <c>cf-aig-authorization</c>. Only with a gateway's <see cref="BaseUrl"/>; empty
    /// if the gateway requires none. Never logged or included in errors.
    /// </summary>
    public string GatewayToken { get; set; } = "";

    /// <summary>
    /// The base address of the API: an absolute http or https address, with or without a trailing slash. If it ends in
    /// <c>/workers-ai</c>, it is an AI Gateway and only the model id is appended; otherwise
    /// <c>accounts/{AccountId}/ai/run/</c> and the model id are appended.
    /// Default: <c>https://api.cloudflare.com/client/v4/</c>.
    /// </summary>
    public string BaseUrl { get; set; } = "https://api.cloudflare.com/client/v4/";

    /// <summary>
    /// The time limit for one HTTP call, from connecting to the last byte of the image; 1 second to 10 minutes.
    /// Default: 2 minutes, several times what the slowest model usually takes.
    /// </summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>
    /// How many requests all workers of the account together may send in any 60 s, including retries. 0 to 100,000; 0 for no limit.
    /// Default: 720, Cloudflare's limit for text-to-image models.
    /// </summary>
    public int RequestsPerMinute { get; set; } = 720;

    /// <summary>
    /// The length of the window for <see cref="RequestsPerMinute"/>: 1 second to 1 minute. Default: 1 minute; shorter in tests only.
    /// </summary>
    public TimeSpan RateWindow { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>The key under which requests are counted together.</summary>
    internal string Account => IsAiGateway ? BaseUrl.TrimEnd('/') : AccountId;

    /// <summary>
    /// Where images come from, without the account or the address, so that it can be public. Any host other than Cloudflare's is
    /// reported as the emulator.
    /// </summary>
    internal string ImageSource => IsCloudflare(new Uri(BaseUrl)) ? "Cloudflare Workers AI" : "the Workers AI emulator";

    /// <summary>True if the tokens cross a network unencrypted.</summary>
    internal bool SendsTokensUnencrypted => new Uri(BaseUrl) is { IsLoopback: false } address && address.Scheme == Uri.UriSchemeHttp;

    internal bool IsAiGateway => BaseUrl.TrimEnd('/').EndsWith("/workers-ai", StringComparison.OrdinalIgnoreCase);

    internal static bool IsCloudflare(Uri address) =>
        address.Host.Equals(Cloudflare, StringComparison.OrdinalIgnoreCase) || address.Host.EndsWith("." + Cloudflare, StringComparison.OrdinalIgnoreCase);

    internal Uri AddressOf(string modelId)
    {
        var root = BaseUrl.TrimEnd('/');
        return new Uri(IsAiGateway ? $"{root}/{modelId}" : $"{root}/accounts/{Uri.EscapeDataString(AccountId)}/ai/run/{modelId}");
    }
}
