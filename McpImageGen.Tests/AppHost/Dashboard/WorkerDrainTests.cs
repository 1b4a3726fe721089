using Aspire.Hosting.ApplicationModel;
using McpImageGen.AppHost.Dashboard;
using McpImageGen.Tests.Distributed;
using McpImageGen.Tests.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace McpImageGen.Tests.AppHost.Dashboard;

/// <summary>The command that drains a worker, with the orchestrator's part played by the test. What a worker does then: <see cref="DrainTests"/>.</summary>
[Slow]
public sealed class WorkerDrainTests
{
    private const string Worker = "generation-worker";

    [Fact]
    public async Task Drain_command_stops_the_worker_process_and_waits_for_its_exit()
    {
        await using var model = await SystemModel.RunAsync();
        await using var process = ServiceProcess.Start("WorkersAiEmulator", []);
        await process.ListeningAsync();
        var resources = model.Services.GetRequiredService<ResourceNotificationService>();
        await PublishAsync(resources, model, KnownResourceStates.Running, process.Id);

        var draining = model.ExecuteAsync(Worker, WorkerDrain.CommandName);
        var exitCode = await process.ExitCodeAsync();
        Assert.Equal("Draining", StateOf(resources));
        Assert.False(draining.IsCompleted);
        await PublishAsync(resources, model, KnownResourceStates.Finished, process.Id, exitCode);

        var result = await draining;
        Assert.Equal(0, exitCode);
        Assert.True(result.Success, result.Message);
    }

    [Fact]
    public async Task Drain_command_fails_when_the_worker_is_not_running()
    {
        await using var model = await SystemModel.RunAsync();

        var result = await model.ExecuteAsync(Worker, WorkerDrain.CommandName);

        Assert.Equal((false, "The worker is not running."), (result.Success, result.Message));
    }

    private static Task PublishAsync(ResourceNotificationService resources, SystemModel model, string state, int process, int? exitCode = null) =>
        resources.PublishUpdateAsync(model.Find(Worker), Worker, snapshot => snapshot with
        {
            State = state,
            ExitCode = exitCode,
            Properties = [new ResourcePropertySnapshot("executable.pid", process)],
        });

    private static string? StateOf(ResourceNotificationService resources) =>
        resources.TryGetCurrentState(Worker, out var worker) ? worker.Snapshot.State?.Text : null;
}
