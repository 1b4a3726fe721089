namespace McpImageGen.McpApi.Pages.Discovery;

/// <summary>Where images come from, as anybody may know it: no account, no address. By the workers' own settings, where this API has them too.</summary>
internal static class ImageSource
{
    private const string Cloudflare = "cloudflare.com";

    /// <summary>Null where this API was not told.</summary>
    public static string? NameIn(IConfiguration configuration)
    {
        var workersAi = configuration.GetSection("WorkersAi");
        if (Uri.TryCreate(workersAi["BaseUrl"], UriKind.Absolute, out var address))
            return IsCloudflare(address.Host) ? "Cloudflare Workers AI" : "the Workers AI emulator";
        return string.IsNullOrEmpty(workersAi["AccountId"]) ? null : "Cloudflare Workers AI";
    }

    private static bool IsCloudflare(string host) => host == Cloudflare || host.EndsWith("." + Cloudflare, StringComparison.OrdinalIgnoreCase);
}
