using System.Text.RegularExpressions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace McpImageGen.AppHost;

/// <summary>Logs one line when a resource fails or stays unhealthy, with the reason, and one when it is healthy again.</summary>
internal sealed partial class ResourceWatcher(
    ResourceNotificationService resources,
    ResourceLoggerService logs,
    IHostApplicationLifetime lifetime,
    TimeProvider time,
    ILogger<ResourceWatcher> logger) : BackgroundService
{
    /// <summary>Longer than a resource takes to become healthy on a busy machine.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly HashSet<string> _stopped = [];
    private readonly Dictionary<string, DateTimeOffset> _unhealthySince = [];
    private readonly Dictionary<string, Problem> _said = [];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var change in resources.WatchAsync(stoppingToken))
        {
            // Resources that stop now were asked to.
            if (lifetime.ApplicationStopping.IsCancellationRequested)
                return;
            await LookAtAsync(change, stoppingToken);
        }
    }

    private async Task LookAtAsync(ResourceEvent change, CancellationToken cancellationToken)
    {
        var (id, name, now) = (change.ResourceId, change.Resource.Name, change.Snapshot);
        var isUnhealthy = now.State?.Text == KnownResourceStates.Running && now.HealthStatus is not HealthStatus.Healthy;
        if (!isUnhealthy)
            _unhealthySince.Remove(id);

        if (now.State?.Text == KnownResourceStates.Stopping)
            _stopped.Add(id); // stopped in the dashboard
        else if (now.State?.Text == KnownResourceStates.Starting)
            _stopped.Remove(id);

        if (HasFailed(now) && !_stopped.Contains(id))
            await SayFailureAsync(change, cancellationToken);
        else if (isUnhealthy)
            SayUnhealthy(change);
        else if (now.State?.Text == KnownResourceStates.Running && _said.Remove(id) && _said.Values.All(problem => problem.Resource != name))
            Log.Well(logger, name);
    }

    private static bool HasFailed(CustomResourceSnapshot now) =>
        now.State?.Text == KnownResourceStates.FailedToStart
        || now.State?.Text == KnownResourceStates.RuntimeUnhealthy
        || (KnownResourceStates.TerminalStates.Contains(now.State?.Text) && now.ExitCode is not (null or 0));

    private async Task SayFailureAsync(ResourceEvent change, CancellationToken cancellationToken)
    {
        var what = change.Snapshot.ExitCode is { } code ? $"exited with code {code}" : "failed to start";
        if (IsNew(change, what))
            Log.Failed(logger, change.Resource.Name, what, await LastLineAsync(change.ResourceId, cancellationToken) + ImageOf(change.Resource));
    }

    private void SayUnhealthy(ResourceEvent change)
    {
        if (!_unhealthySince.TryAdd(change.ResourceId, time.GetUtcNow())
            && time.GetUtcNow() - _unhealthySince[change.ResourceId] >= Patience
            && IsNew(change, "unhealthy"))
        {
            Log.Unhealthy(logger, change.Resource.Name, ReasonOf(change.Snapshot));
        }
    }

    /// <summary>False for a problem that is already logged: replicas fail for the same reason, and a database fails with its server.</summary>
    private bool IsNew(ResourceEvent change, string what)
    {
        var problem = new Problem(change.Resource.Name, what);
        var isNew = !_said.ContainsValue(problem)
            && !(change.Resource is IResourceWithParent { Parent.Name: var parent } && _said.Values.Any(said => said.Resource == parent));
        _said[change.ResourceId] = problem;
        return isNew;
    }

    private static string ReasonOf(CustomResourceSnapshot now)
    {
        var report = now.HealthReports.FirstOrDefault(report => report.Status is not HealthStatus.Healthy);
        return report?.Description ?? (report?.ExceptionText is { } exception ? ExceptionType().Replace(exception.Split('\n')[0].Trim(), "") : "It has not responded yet.");
    }

    /// <summary>The last line of the resource's log, which usually contains the reason.</summary>
    private async Task<string> LastLineAsync(string id, CancellationToken cancellationToken)
    {
        var last = "Its log is empty.";
        await foreach (var lines in logs.GetAllAsync(id).WithCancellation(cancellationToken))
            last = lines.SelectMany(line => line.Content.Split('\n')).LastOrDefault(line => !string.IsNullOrWhiteSpace(line)) ?? last;
        return LinePrefix().Replace(last.Trim(), "");
    }

    private static string ImageOf(IResource resource) => resource.TryGetContainerImageName(out var image) ? $" (image {image})" : "";

    [GeneratedRegex(@"\A[\w.]+Exception( \(0x\w+\))?: ")]
    private static partial Regex ExceptionType();

    /// <summary>The timestamp, and the prefix of Aspire's own messages.</summary>
    [GeneratedRegex(@"\A(\d{4}-\d\d-\d\dT\S+Z )?(\[sys\] )?")]
    private static partial Regex LinePrefix();

    private sealed record Problem(string Resource, string What);

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "{Resource} {What}: {Reason}")]
        public static partial void Failed(ILogger logger, string resource, string what, string reason);

        [LoggerMessage(2, LogLevel.Warning, "{Resource} is unhealthy: {Reason}")]
        public static partial void Unhealthy(ILogger logger, string resource, string reason);

        [LoggerMessage(3, LogLevel.Information, "{Resource} is healthy again")]
        public static partial void Well(ILogger logger, string resource);
    }
}
