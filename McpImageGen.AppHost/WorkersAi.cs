namespace McpImageGen.AppHost;

/// <summary>Where images come from: Cloudflare, or the emulator where there are no credentials.</summary>
internal static class WorkersAi
{
    private const string AccountId = "cloudflare-account-id";
    private const string ApiToken = "cloudflare-api-token";
    private const string Cloudflare = "https://api.cloudflare.com/client/v4/";

    /// <summary>
    /// What is published always takes Cloudflare's credentials and never contains the emulator. The API is told the address only: its
    /// start page says where images come from.
    /// </summary>
    public static IResourceBuilder<ProjectResource> WithWorkersAi(
        this IResourceBuilder<ProjectResource> worker, IResourceBuilder<ProjectResource> api)
    {
        var builder = worker.ApplicationBuilder;
        var isWithoutCredentials = builder.Setting(AccountId) is null && builder.Setting(ApiToken) is null;
        return builder.ExecutionContext.IsRunMode && isWithoutCredentials ? worker.WithEmulator(api) : worker.WithCloudflare(api);
    }

    private static IResourceBuilder<ProjectResource> WithCloudflare(
        this IResourceBuilder<ProjectResource> worker, IResourceBuilder<ProjectResource> api)
    {
        var builder = worker.ApplicationBuilder;
        api.WithEnvironment("WorkersAi__BaseUrl", Cloudflare);
        return worker
            .WithEnvironment("WorkersAi__AccountId", builder.AddParameter(AccountId))
            .WithEnvironment("WorkersAi__ApiToken", builder.AddParameter(ApiToken, secret: true));
    }

    private static IResourceBuilder<ProjectResource> WithEmulator(
        this IResourceBuilder<ProjectResource> worker, IResourceBuilder<ProjectResource> api)
    {
        var builder = worker.ApplicationBuilder;
        var emulator = builder.AddProject<Projects.McpImageGen_WorkersAiEmulator>("workers-ai-emulator")
            .WithEnvironment("Emulator__Latency", builder.AddEmulatorLatency())
            .WithHttpEndpoint()
            .WithHttpHealthCheck("/health");
        api.WithEnvironment("WorkersAi__BaseUrl", $"{emulator.GetEndpoint("http")}/client/v4/");

        return worker
            .WithEnvironment("WorkersAi__AccountId", "emulator")
            .WithEnvironment("WorkersAi__ApiToken", "emulator")
            .WithEnvironment("WorkersAi__BaseUrl", $"{emulator.GetEndpoint("http")}/client/v4/")
            .WithEnvironment("WorkersAi__RequestsPerMinute", "0")
            .WaitFor(emulator);
    }
}
