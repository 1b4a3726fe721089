using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace McpImageGen.AppHost.Dashboard;

/// <summary>
/// A notification bar in the dashboard that says that images come from the emulator, with a button to enter Cloudflare credentials. Nothing
/// waits for a response.
/// </summary>
internal sealed class EmulatorNotice(IServiceProvider services, CloudflareCredentials credentials, ProjectResource worker) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var dashboard = services.GetRequiredService<IInteractionService>();
        if (!dashboard.IsAvailable)
            return;

        using var end = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken, credentials.Found);
        try
        {
            while (await IsWantedAsync(dashboard, end.Token))
            {
                if (await AskAsync(dashboard, stoppingToken) is { Success: false, Message: { } problem })
                    await dashboard.PromptMessageBoxAsync(UseCloudflare.Title, problem, cancellationToken: stoppingToken);
            }
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // Credentials have been entered, or the system is stopping.
        }
    }

    private static async Task<bool> IsWantedAsync(IInteractionService dashboard, CancellationToken cancellationToken)
    {
        var answer = await dashboard.PromptNotificationAsync(
            "No Cloudflare credentials are set",
            "Images are samples drawn by the emulator.",
            new NotificationInteractionOptions { Intent = MessageIntent.Information, PrimaryButtonText = UseCloudflare.Title },
            cancellationToken);
        return answer is { Canceled: false, Data: true };
    }

    private async Task<ExecuteCommandResult?> AskAsync(IInteractionService dashboard, CancellationToken cancellationToken)
    {
        var answers = await dashboard.PromptInputsAsync(
            UseCloudflare.Title,
            UseCloudflare.Description,
            UseCloudflare.Questions(),
            new InputsDialogInteractionOptions { PrimaryButtonText = UseCloudflare.Title },
            cancellationToken);
        return answers.Canceled ? null : await UseCloudflare.UseAsync(services, answers.Data, credentials, worker, cancellationToken);
    }
}
