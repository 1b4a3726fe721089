using McpImageGen.Tests.Containers;

namespace McpImageGen.Tests.AppHost;

/// <summary>The command line of an AppHost in tests. Later settings win.</summary>
internal static class AppHostSettings
{
    public const string Token = "apphost";
    public const string DashboardToken = "dashboard";
    public const string DashboardKey = "dashboard-api";

    /// <summary>
    /// Nothing of the machine's own: neither what is set where the tests run nor what the user's secrets hold, and what would be generated is given,
    /// so that nothing is added to them.
    /// </summary>
    public static readonly string[] OfNobody =
    [
        "--ConnectionStrings:jobs=", "--ConnectionStrings:messaging=", "--ConnectionStrings:redis=", "--ConnectionStrings:images=",
        "--Parameters:cloudflare-account-id=", "--Parameters:cloudflare-api-token=",
        $"--Parameters:auth-token={Token}",
        "--Parameters:postgres-password=postgres-secret", "--Parameters:jobs-password=jobs-secret", "--Parameters:messaging-password=messaging-secret",
        "--Parameters:redis-password=redis-secret", "--Parameters:minio-password=minio-secret",
        "--AppHost:OtlpApiKey=otlp", $"--AppHost:DashboardApiKey={DashboardKey}",
        $"--ASPIRE_DASHBOARD_FRONTEND_BROWSERTOKEN={DashboardToken}",
        "--ASPIRE_VERSION_CHECK_DISABLED=true", // it would ask the package registry, and note that in the user's secrets
    ];

    /// <summary>The images that the container tests use; where none is set, the AppHost's own.</summary>
    public static IEnumerable<string> Images =>
        new[] { ("postgres", "POSTGRES"), ("rabbitmq", "RABBITMQ"), ("redis", "REDIS"), ("minio", "S3") }
            .Select(server => (Parameter: server.Item1, Image: ContainerSettings.ImageOf(server.Item2)))
            .Where(server => server.Image is not null)
            .Select(server => $"--Parameters:{server.Parameter}-image={server.Image}");
}
