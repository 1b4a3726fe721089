using McpImageGen.AppHost.Dashboard;

namespace McpImageGen.AppHost;

/// <summary>The source of the images: Cloudflare, or the emulator if there are no credentials.</summary>
internal static class WorkersAi
{
    private const string AccountId = "cloudflare-account-id";
    private const string ApiToken = "cloudflare-api-token";
    private const string EmulatorsToken = "emulator";

    /// <summary>
    /// Connects the worker to Workers AI. A published system always requires Cloudflare credentials and never contains the emulator.
    /// </summary>
    /// <exception cref="DistributedApplicationException">Only one of the two credentials is set.</exception>
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
            .WithEnvironment("WorkersAi__AccountId", builder.AddParameter(AccountId).WithDescription("The Cloudflare account id."))
            .WithEnvironment("WorkersAi__ApiToken", builder.AddParameter(ApiToken, secret: true).WithDescription(
                "An API token of the account with the permission Workers AI: Read."));
    }

    /// <summary>Workers use the emulator, or Cloudflare once they are restarted after credentials were entered in the dashboard.</summary>
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
            .WithImageSource(credentials)
            .WaitFor(emulator);
    }

    private static CloudflareCredentials AddEmptyCredentials(this IDistributedApplicationBuilder builder)
    {
        const string how = "While it is empty, the emulator draws sample images. The command \"Use Cloudflare\" on workers-ai-emulator asks for both credentials.";
        return new CloudflareCredentials(
            builder.AddParameter(AccountId, "").WithDescription($"The Cloudflare account id. {how}").Resource,
            builder.AddParameter(ApiToken, "", secret: true).WithDescription($"An API token of the account with the permission Workers AI: Read. {how}").Resource);
    }
}
