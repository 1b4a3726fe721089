using McpImageGen.AppHost.Dashboard;

namespace McpImageGen.AppHost;

/// <summary>Where images come from: Cloudflare, or the emulator where there are no credentials.</summary>
internal static class WorkersAi
{
    private const string AccountId = "cloudflare-account-id";
    private const string ApiToken = "cloudflare-api-token";
    private const string EmulatorsToken = "emulator";

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
            .WithEnvironment("WorkersAi__AccountId", builder.AddParameter(AccountId).WithDescription("Cloudflare's account."))
            .WithEnvironment("WorkersAi__ApiToken", builder.AddParameter(ApiToken, secret: true).WithDescription(
                "An API token of that account, with the permission Workers AI: Read."));
    }

    /// <summary>Workers ask the emulator, and Cloudflare from when they are started after a person has given the credentials in the dashboard.</summary>
    private static IResourceBuilder<ProjectResource> WithEmulator(this IResourceBuilder<ProjectResource> worker)
    {
        var builder = worker.ApplicationBuilder;
        var credentials = builder.AddEmptyCredentials();
        var emulator = builder.AddProject<Projects.McpImageGen_WorkersAiEmulator>("workers-ai-emulator")
            .WithEnvironment("Emulator__Latency", builder.AddEmulatorLatency())
            .WithHttpEndpoint()
            .WithHttpHealthCheck("/health")
            .WithHealthLink()
            .WithIconName("Beaker")
            .WithUseCloudflareCommand(credentials, worker.Resource)
            .WithFaultCommands(EmulatorsToken);

        return worker
            .WithEnvironment(async context =>
            {
                var settings = context.EnvironmentVariables;
                var given = await credentials.ReadAsync(context.CancellationToken);
                (settings["WorkersAi__AccountId"], settings["WorkersAi__ApiToken"]) = given ?? ("emulator", EmulatorsToken);
                if (given is not null)
                    return;
                settings["WorkersAi__BaseUrl"] = ReferenceExpression.Create($"{emulator.GetEndpoint("http")}/client/v4/");
                settings["WorkersAi__RequestsPerMinute"] = "0";
            })
            .TellingWhoIsAsked(credentials)
            .WaitFor(emulator);
    }

    private static CloudflareCredentials AddEmptyCredentials(this IDistributedApplicationBuilder builder)
    {
        const string how = "Empty: the emulator draws sample pictures. The command \"Use Cloudflare\" on workers-ai-emulator asks for both credentials.";
        return new CloudflareCredentials(
            builder.AddParameter(AccountId, "").WithDescription($"Cloudflare's account. {how}").Resource,
            builder.AddParameter(ApiToken, "", secret: true).WithDescription($"Its API token, with the permission Workers AI: Read. {how}").Resource);
    }
}
