using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Extensions.DependencyInjection;

namespace McpImageGen.AppHost.Dashboard;

/// <summary>
/// A command that lets a worker finish its running jobs. Aspire's own Stop kills a process that has not exited within 6 s, which is
/// too early for a longer generation: another worker would generate that image again, and it would be charged twice.
/// </summary>
internal static class WorkerDrain
{
    public const string CommandName = "drain";

    private const string ProcessId = "executable.pid";
    private const string Draining = "Draining";

    public static IResourceBuilder<ProjectResource> WithDrainCommand(this IResourceBuilder<ProjectResource> worker)
    {
        // Windows has no signal that asks another process to exit.
        if (OperatingSystem.IsWindows())
            return worker;

        return worker.WithCommand(CommandName, "Drain", context => DrainAsync(worker.Resource, context), new CommandOptions
        {
            Description = "Stops the worker after it has finished its running jobs, within 2 min 30 s at most. It accepts no more jobs. Stop would allow 6 s.",
            IconName = "ArrowExit",
            IsHighlighted = true,
            UpdateState = context => context.ResourceSnapshot.State?.Text == KnownResourceStates.Running
                ? ResourceCommandState.Enabled
                : ResourceCommandState.Hidden,
        });
    }

    private static async Task<ExecuteCommandResult> DrainAsync(ProjectResource worker, ExecuteCommandContext context)
    {
        var resources = context.Services.GetRequiredService<ResourceNotificationService>();
        if (!resources.TryGetCurrentState(context.ResourceName, out var current) || ProcessOf(current.Snapshot) is not { } process)
            return CommandResults.Failure("The worker is not running.");

        await resources.PublishUpdateAsync(
            worker, context.ResourceName, state => state with { State = new ResourceStateSnapshot(Draining, KnownResourceStateStyles.Info) });
        if (Kill(process, (int)Signal.Terminate) != 0)
            return CommandResults.Failure($"Could not send the termination signal to process {process}: {Marshal.GetLastPInvokeErrorMessage()}.");

        await foreach (var update in resources.WatchAsync(context.CancellationToken))
        {
            if (update.ResourceId == context.ResourceName && KnownResourceStates.TerminalStates.Contains(update.Snapshot.State?.Text))
                return Ended(update.Snapshot.ExitCode);
        }

        return CommandResults.Canceled();
    }

    private static ExecuteCommandResult Ended(int? exitCode) => exitCode is null or 0
        ? CommandResults.Success("The worker has finished its jobs and stopped. Use Start to run it again.")
        : CommandResults.Failure($"The worker stopped with exit code {exitCode}. See its log.");

    /// <summary>The id of an instance's process; null if it has none.</summary>
    public static int? ProcessOf(CustomResourceSnapshot instance) =>
        instance.Properties.FirstOrDefault(property => property.Name == ProcessId)?.Value is { } id
            ? Convert.ToInt32(id, CultureInfo.InvariantCulture)
            : null;

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static extern int Kill(int process, int signal);

    private enum Signal
    {
        Terminate = 15,
    }
}
