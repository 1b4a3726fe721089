using System.Diagnostics;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using McpImageGen.AppHost.Dashboard;
using McpImageGen.Tests.Containers;
using McpImageGen.Tests.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;

namespace McpImageGen.Tests.AppHost;

/// <summary>The AppHost as <c>dotnet run</c> starts it, with its orchestrator, containers, services and dashboard, on free ports.</summary>
public sealed class RunningAppHost : IAsyncDisposable
{
    /// <summary>A guard against a start that hangs. How long a start takes is measured by the benchmarks.</summary>
    private static readonly TimeSpan MaxStartTime = TimeSpan.FromMinutes(4);

    /// <summary>A guard against a command or a change of state that hangs.</summary>
    private static readonly TimeSpan MaxCommand = TimeSpan.FromMinutes(2);

    private readonly DistributedApplication _app;
    private readonly Dictionary<string, ResourceEvent> _instances = [];

    private RunningAppHost(DistributedApplication app) => _app = app;

    /// <summary>A client at the address of the API.</summary>
    public FetchClient Client { get; private set; } = null!;

    internal DashboardClient Dashboard { get; private set; } = null!;

    /// <summary>Every process and container, every connection and parameter, as it was when all had become healthy.</summary>
    public IReadOnlyCollection<ResourceEvent> Instances => _instances.Values;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private IEnumerable<IResource> Resources => _app.Services.GetRequiredService<DistributedApplicationModel>().Resources;

    /// <summary>Starts it and returns when every resource is healthy.</summary>
    internal static async Task<RunningAppHost> StartAsync(TestVolumes volumes, params string[] settings)
    {
        ContainerSettings.RequireDocker();
        var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.McpImageGen_AppHost>(
            [.. AppHostSettings.OfNobody, .. AppHostSettings.Images, $"--Parameters:volume-prefix={volumes.Prefix}", .. settings],
            (options, _) => options.DisableDashboard = false,
            Cancel);
        builder.Services.AddLogging(logging => logging.ClearProviders());
        var containers = builder.Resources.OfType<ContainerResource>().ToList();
        foreach (var container in containers)
            builder.CreateResourceBuilder(container).WithContainerRuntimeArgs("--label", $"{ContainerSettings.RunLabel}={ContainerSettings.Run}");
        await volumes.CreateAsync(containers.SelectMany(VolumesOf));

        var host = new RunningAppHost(await builder.BuildAsync(Cancel));
        try
        {
            await host.StartAsync();
            return host;
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }

    public IReadOnlyList<ResourceEvent> InstancesOf(string resource) => [.. Instances.Where(instance => instance.Resource.Name == resource)];

    /// <summary>
    /// Stops one instance and waits for the end of its process, whatever the orchestrator reports: the command fails when the process takes longer than the
    /// orchestrator waits.
    /// </summary>
    public async Task StopAsync(ResourceEvent instance)
    {
        await ResultOfAsync(instance, KnownResourceCommands.StopCommand);
        var process = ProcessOf(instance)!.Value;
        await Until.HoldsAsync(() => Task.FromResult(IsRunning(process)), isRunning => !isRunning, $"{instance.ResourceId} has ended");
    }

    /// <summary>Starts one instance that was stopped and waits for its new process.</summary>
    /// <returns>The instance as it is then.</returns>
    public async Task<ResourceEvent> StartAgainAsync(ResourceEvent instance)
    {
        var started = await ResultOfAsync(instance, KnownResourceCommands.StartCommand);
        Assert.True(started.Success, started.Message);
        return await WithinLimitAsync(instance, "a new process", cancel => _app.ResourceNotifications.WaitForResourceAsync(
            instance.Resource.Name,
            seen => seen.ResourceId == instance.ResourceId
                && seen.Snapshot.State?.Text == KnownResourceStates.Running
                && ProcessOf(seen) is { } process && process != ProcessOf(instance),
            cancel));
    }

    /// <summary>The id of an instance's process; null if it has none.</summary>
    public static int? ProcessOf(ResourceEvent instance) => WorkerDrain.ProcessOf(instance.Snapshot);

    public async Task<string> ConnectionStringAsync(string resource) => (await _app.GetConnectionStringAsync(resource, Cancel))!;

    public async ValueTask DisposeAsync()
    {
        Client?.Http.Dispose();
        Dashboard?.Dispose();
        await _app.DisposeAsync();
    }

    private Task<ExecuteCommandResult> ResultOfAsync(ResourceEvent instance, string command) => WithinLimitAsync(
        instance, $"the command {command}", cancel => _app.ResourceCommands.ExecuteCommandAsync(instance.ResourceId, command, cancel));

    private async Task<T> WithinLimitAsync<T>(ResourceEvent instance, string what, Func<CancellationToken, Task<T>> wait)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        limit.CancelAfter(MaxCommand);
        try
        {
            return await wait(limit.Token).WaitAsync(limit.Token);
        }
        catch (OperationCanceledException exception) when (!Cancel.IsCancellationRequested)
        {
            _app.ResourceNotifications.TryGetCurrentState(instance.ResourceId, out var current);
            throw new TimeoutException(
                $"{instance.ResourceId} is {current?.Snapshot.State?.Text} after waiting {MaxCommand} for {what}. Its log: " +
                await LogOfAsync(instance.ResourceId, Cancel), exception);
        }
    }

    private async Task StartAsync()
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        limit.CancelAfter(MaxStartTime);
        try
        {
            await _app.StartAsync(limit.Token);
            await HealthyAsync(limit.Token);
        }
        catch (OperationCanceledException exception) when (!Cancel.IsCancellationRequested)
        {
            var states = _instances.Values.Select(seen => $"{seen.ResourceId}: {seen.Snapshot.State?.Text}, {seen.Snapshot.HealthStatus}");
            throw new TimeoutException(
                $"Not all is healthy {MaxStartTime} after the start: {string.Join("; ", states)}", exception);
        }

        Client = new FetchClient(
            new HttpClient { BaseAddress = _app.GetEndpoint("mcp-api", "http"), Timeout = TimeSpan.FromMinutes(2) }, AppHostSettings.Token);
        Dashboard = new DashboardClient(_app.GetEndpoint("aspire-dashboard", "http"));
    }

    /// <summary>Waits for each replica: Aspire's own wait for a resource ends with the first of them.</summary>
    private async Task HealthyAsync(CancellationToken cancellationToken)
    {
        var missing = Resources.Where(IsPart).ToDictionary(resource => resource.Name, Replicas);
        await foreach (var seen in _app.ResourceNotifications.WatchAsync(cancellationToken))
        {
            _instances[seen.ResourceId] = seen;
            if (missing.ContainsKey(seen.Resource.Name) && KnownResourceStates.TerminalStates.Contains(seen.Snapshot.State?.Text))
                throw new InvalidOperationException($"{seen.ResourceId} has ended: {await LogOfAsync(seen.ResourceId, cancellationToken)}");
            if (missing.All(part => _instances.Values.Count(instance => instance.Resource.Name == part.Key && IsHealthy(instance)) == part.Value))
                return;
        }
    }

    private async Task<string> LogOfAsync(string instance, CancellationToken cancellationToken)
    {
        var lines = new List<string>();
        await foreach (var batch in _app.Services.GetRequiredService<ResourceLoggerService>().GetAllAsync(instance).WithCancellation(cancellationToken))
            lines.AddRange(batch.Select(line => line.Content));
        return string.Join('\n', lines);
    }

    private static bool IsRunning(int process)
    {
        try
        {
            using var found = Process.GetProcessById(process);
            return !found.HasExited;
        }
        catch (ArgumentException)
        {
            return false; // there is none
        }
    }

    private static bool IsPart(IResource resource) =>
        resource is ContainerResource or ProjectResource or IResourceWithConnectionString && resource is not ParameterResource;

    private static int Replicas(IResource resource) => resource is ProjectResource ? resource.GetReplicaCount() : 1;

    private static bool IsHealthy(ResourceEvent instance) =>
        instance.Snapshot.State?.Text == KnownResourceStates.Running && instance.Snapshot.HealthStatus == HealthStatus.Healthy;

    private static IEnumerable<string> VolumesOf(ContainerResource container) =>
        container.Annotations.OfType<ContainerMountAnnotation>()
            .Where(mount => mount is { Type: ContainerMountType.Volume, Source: not null })
            .Select(mount => mount.Source!);
}
