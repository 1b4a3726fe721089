namespace McpImageGen.AppHost;

/// <summary>Where images come from: Cloudflare, or the emulator where there are no credentials.</summary>
internal static class WorkersAi
{
    private const string AccountId = "cloudflare-account-id";
    private const string ApiToken = "cloudflare-api-token";

    /// <summary>What is published always takes Cloudflare's credentials and never contains the emulator.</summary>
    public static IResourceBuilder<ProjectResource> WithWorkersAi(this IResourceBuilder<ProjectResource> worker)
    {
        var builder = worker.ApplicationBuilder;
        var isWithoutCredentials = builder.Setting(AccountId) is null && builder.Setting(ApiToken) is null;
        return builder.ExecutionContext.IsRunMode && isWithoutCredentials ? worker.WithEmulator() : worker.WithCloudflare();
    }

    private static IResourceBuilder<ProjectResource> WithCloudflare(this IResourceBuilder<ProjectResource> worker)
    {
        var builder = worker.ApplicationBuilder;
        return worker
            .WithEnvironment("WorkersAi__AccountId", builder.AddParameter(AccountId))
            .WithEnvironment("WorkersAi__ApiToken", builder.AddParameter(ApiToken, secret: true));
    }

    private static IResourceBuilder<ProjectResource> WithEmulator(this IResourceBuilder<ProjectResource> worker)
    {
        var builder = worker.ApplicationBuilder;
        var emulator = builder.AddProject<Projects.McpImageGen_WorkersAiEmulator>("workers-ai-emulator")
            .WithEnvironment("Emulator__Latency", builder.AddEmulatorLatency())
            .WithHttpEndpoint()
            .WithHttpHealthCheck("/health");

        return worker
            .WithEnvironment("WorkersAi__AccountId", "emulator")
            .WithEnvironment("WorkersAi__ApiToken", "emulator")
            .WithEnvironment("WorkersAi__BaseUrl", $"{emulator.GetEndpoint("http")}/client/v4/")
            .WithEnvironment("WorkersAi__RequestsPerMinute", "0")
            .WaitFor(emulator);
    }
}
