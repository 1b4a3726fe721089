using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Extensions.DependencyInjection;

namespace McpImageGen.AppHost.Dashboard;

/// <summary>
/// The command that lets a worker finish what it has. Aspire's own Stop kills a process that has not ended 6 s after it was asked to, which is
/// too soon for a generation that takes longer: that job would be done again, and paid twice, by another worker.
/// </summary>
internal static class WorkerDrain
{
    public const string CommandName = "drain";

    private const string ProcessId = "executable.pid";
    private const string Draining = "Draining";

    public static IResourceBuilder<ProjectResource> WithDrainCommand(this IResourceBuilder<ProjectResource> worker)
    {
        // Windows has no signal that asks another program to end.
        if (OperatingSystem.IsWindows())
            return worker;

        return worker.WithCommand(CommandName, "Drain", context => DrainAsync(worker.Resource, context), new CommandOptions
        {
            Description = "Drains the worker: it takes no more jobs, finishes those that it has, for at most 2 min 30 s, and ends. Stop would give it 6 s.",
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
            return CommandResults.Failure("The worker does not run.");

        await resources.PublishUpdateAsync(
            worker, context.ResourceName, state => state with { State = new ResourceStateSnapshot(Draining, KnownResourceStateStyles.Info) });
        if (Kill(process, (int)Signal.Terminate) != 0)
            return CommandResults.Failure($"The process {process} could not be asked to end: {Marshal.GetLastPInvokeErrorMessage()}.");

        await foreach (var update in resources.WatchAsync(context.CancellationToken))
        {
            if (update.ResourceId == context.ResourceName && KnownResourceStates.TerminalStates.Contains(update.Snapshot.State?.Text))
                return Ended(update.Snapshot.ExitCode);
        }

        return CommandResults.Canceled();
    }

    private static ExecuteCommandResult Ended(int? exitCode) => exitCode is null or 0
        ? CommandResults.Success("The worker has finished its jobs and ended. Start runs it again.")
        : CommandResults.Failure($"The worker ended with exit code {exitCode}: see its log.");

    private static int? ProcessOf(CustomResourceSnapshot worker) =>
        worker.Properties.FirstOrDefault(property => property.Name == ProcessId)?.Value is { } id
            ? Convert.ToInt32(id, CultureInfo.InvariantCulture)
            : null;

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static extern int Kill(int process, int signal);

    private enum Signal
    {
        Terminate = 15,
    }
}
