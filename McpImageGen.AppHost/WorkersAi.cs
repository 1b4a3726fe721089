namespace McpImageGen.AppHost;

/// <summary>Where images come from: Cloudflare, or the emulator where there are no credentials.</summary>
internal static class WorkersAi
{
    private const string AccountId = "cloudflare-account-id";
    private const string ApiToken = "cloudflare-api-token";

    /// <summary>What is published always takes Cloudflare's credentials and never contains the emulator.</summary>
    /// <exception cref="DistributedApplicationException">Only half of the credentials is set.</exception>
    public static IResourceBuilder<ProjectResource> WithWorkersAi(this IResourceBuilder<ProjectResource> worker)
    {
        var builder = worker.ApplicationBuilder;
        if (builder.ExecutionContext.IsPublishMode)
            return worker.WithCloudflare();

        return (builder.Setting(AccountId), builder.Setting(ApiToken)) switch
        {
            (null, null) => worker.WithEmulator(),
            (not null, not null) => worker.WithCloudflare(),
            (null, _) => throw Half(missing: AccountId, given: ApiToken),
            (_, null) => throw Half(missing: ApiToken, given: AccountId),
        };
    }

    private static DistributedApplicationException Half(string missing, string given) =>
        new($"The parameter {missing} is not set, but {given} is. Set both for Cloudflare, or neither for the emulator.");

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
