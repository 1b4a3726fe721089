using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace McpImageGen.AppHost.Dashboard;

/// <summary>Lets a person enter Cloudflare credentials in the dashboard and see where images come from.</summary>
internal static partial class UseCloudflare
{
    public const string CommandName = "use-cloudflare";
    public const string Title = "Use Cloudflare";
    public const string Description = "Asks for Cloudflare credentials and restarts the workers, which then use Cloudflare instead of the emulator.";

    private const string AccountId = "account-id";
    private const string ApiToken = "api-token";
    private const string Remember = "remember";
    private const string WhoIsAsked = "workers-ai";

    /// <summary>Adds the command that asks for the credentials, and a notification bar that offers it until credentials are set.</summary>
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

    /// <summary>Shows in the worker's details and logs at each start whether images come from Cloudflare or the emulator.</summary>
    public static IResourceBuilder<ProjectResource> WithImageSource(this IResourceBuilder<ProjectResource> worker, CloudflareCredentials credentials) =>
        worker.OnBeforeResourceStarted(async (resource, start, cancellationToken) =>
        {
            var who = await credentials.ReadAsync(cancellationToken) is null ? "the emulator (sample images)" : "Cloudflare";
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
            Description = "With the permission Workers AI: Read. From then on, Cloudflare charges for the images.",
            InputType = InputType.SecretText,
            Required = true,
        },
        new InteractionInput
        {
            Name = Remember,
            Label = "Save in the user secrets for the next start",
            InputType = InputType.Boolean,
            Value = "true",
        },
    ];

    /// <summary>Sets both credentials to the answers to <see cref="Questions"/> and restarts all workers.</summary>
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

        return CommandResults.Success("The workers now use Cloudflare.");
    }

    /// <summary>Sets a parameter with the parameter's own dashboard command, which takes its value and whether to save it.</summary>
    private static Task<ExecuteCommandResult> SetAsync(
        ResourceCommandService commands, ParameterResource parameter, string value, bool remember, CancellationToken cancellationToken)
    {
        var command = parameter.Annotations.OfType<ResourceCommandAnnotation>().SingleOrDefault(one => one.Name == KnownResourceCommands.SetParameterCommand);
        if (command is not { Arguments: [var ofValue, var ofRemember] })
            return Task.FromResult(CommandResults.Failure($"The parameter {parameter.Name} cannot be set without the dashboard. Set it in the user secrets and restart the AppHost."));
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
        [LoggerMessage(LogLevel.Information, "Images come from {Who}")]
        public static partial void ImagesComeFrom(ILogger logger, string who);
    }
}
