using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace McpImageGen.AppHost.Dashboard;

/// <summary>How a person gives Cloudflare's credentials in the dashboard, and sees whom the workers ask.</summary>
internal static partial class UseCloudflare
{
    public const string CommandName = "use-cloudflare";
    public const string Title = "Use Cloudflare";
    public const string Description = "Asks for Cloudflare's credentials and restarts the workers, which then ask Cloudflare and no longer the emulator.";

    private const string AccountId = "account-id";
    private const string ApiToken = "api-token";
    private const string Remember = "remember";
    private const string WhoIsAsked = "workers-ai";

    /// <summary>Adds the command that asks for the credentials, and a bar in the dashboard that offers it for as long as there are none.</summary>
    public static IResourceBuilder<ProjectResource> WithUseCloudflareCommand(
        this IResourceBuilder<ProjectResource> emulator, CloudflareCredentials credentials, ProjectResource worker)
    {
        emulator.ApplicationBuilder.Services.AddSingleton(_ => credentials);
        emulator.ApplicationBuilder.Services.AddHostedService(services => new EmulatorNotice(services, credentials, worker));
        return emulator.WithCommand(
            CommandName,
            Title,
            context => UseAsync(context.Services, context.Arguments, credentials, worker, context.CancellationToken),
            new CommandOptions { Description = Description, IconName = "Cloud", IsHighlighted = true, Arguments = Questions() });
    }

    /// <summary>Says in the worker's details and in its log, at each start, whether it asks Cloudflare or the emulator.</summary>
    public static IResourceBuilder<ProjectResource> TellingWhoIsAsked(this IResourceBuilder<ProjectResource> worker, CloudflareCredentials credentials) =>
        worker.OnBeforeResourceStarted(async (resource, start, cancellationToken) =>
        {
            var who = await credentials.ReadAsync(cancellationToken) is null ? "the emulator (sample pictures)" : "Cloudflare";
            Log.ImagesComeFrom(start.Services.GetRequiredService<ResourceLoggerService>().GetLogger(resource), who);
            var property = new ResourcePropertySnapshot(WhoIsAsked, who) { DisplayName = "Images come from", IsHighlighted = true };
            await start.Services.GetRequiredService<ResourceNotificationService>().PublishUpdateAsync(resource, state => state with
            {
                Properties = [.. state.Properties.Where(one => one.Name != WhoIsAsked), property],
            });
        });

    public static InteractionInput[] Questions() =>
    [
        new InteractionInput { Name = AccountId, Label = "Account id", InputType = InputType.Text, Required = true },
        new InteractionInput
        {
            Name = ApiToken,
            Label = "API token",
            Description = "With the permission Workers AI: Read. Cloudflare bills the images from then on.",
            InputType = InputType.SecretText,
            Required = true,
        },
        new InteractionInput
        {
            Name = Remember,
            Label = "Keep them in the user secrets, for the next start",
            InputType = InputType.Boolean,
            Value = "true",
        },
    ];

    /// <summary>Sets both credentials, as <see cref="Questions"/> were answered, and starts all workers again.</summary>
    public static async Task<ExecuteCommandResult> UseAsync(
        IServiceProvider services,
        InteractionInputCollection answers,
        CloudflareCredentials credentials,
        ProjectResource worker,
        CancellationToken cancellationToken)
    {
        var commands = services.GetRequiredService<ResourceCommandService>();
        var remember = answers.GetBoolean(Remember);
        Func<Task<ExecuteCommandResult>>[] steps =
        [
            () => SetAsync(commands, credentials.AccountId, answers.GetString(AccountId)!, remember, cancellationToken),
            () => SetAsync(commands, credentials.ApiToken, answers.GetString(ApiToken)!, remember, cancellationToken),
            () => commands.ExecuteCommandAsync(worker, KnownResourceCommands.RestartCommand, cancellationToken),
        ];
        foreach (var step in steps)
        {
            if (await step() is { Success: false } failure)
                return failure;
        }

        return CommandResults.Success("The workers ask Cloudflare now.");
    }

    /// <summary>Sets a parameter as a person does with the parameter's own command, which asks for its value and whether to remember it.</summary>
    private static Task<ExecuteCommandResult> SetAsync(
        ResourceCommandService commands, ParameterResource parameter, string value, bool remember, CancellationToken cancellationToken)
    {
        var command = parameter.Annotations.OfType<ResourceCommandAnnotation>().SingleOrDefault(one => one.Name == KnownResourceCommands.SetParameterCommand);
        if (command is not { Arguments: [var ofValue, var ofRemember] })
            return Task.FromResult(CommandResults.Failure($"There is no dashboard to set the parameter {parameter.Name} with: set it in the user secrets and start again."));
        return commands.ExecuteCommandAsync(
            parameter,
            command.Name,
            new InteractionInputCollection(
            [
                new InteractionInput { Name = ofValue.Name, InputType = ofValue.InputType, Value = value },
                new InteractionInput { Name = ofRemember.Name, InputType = ofRemember.InputType, Value = remember ? "true" : "false" },
            ]),
            cancellationToken);
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "Images come from {Who}.")]
        public static partial void ImagesComeFrom(ILogger logger, string who);
    }
}
