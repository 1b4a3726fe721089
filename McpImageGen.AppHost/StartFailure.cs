using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace McpImageGen.AppHost;

/// <summary>Explains in one line why the system cannot start.</summary>
internal static class StartFailure
{
    private const string ContainerRuntime = "Container runtime";

    /// <summary>The line for an exception caused by invalid input; null for any other exception.</summary>
    public static string? Explain(Exception exception) => exception switch
    {
        DistributedApplicationException { Message: var message } when message.StartsWith(ContainerRuntime, StringComparison.Ordinal) =>
            $"{message.TrimEnd()} Install and start Docker or Podman, or use existing servers: set ConnectionStrings__jobs, __messaging, __redis and __images.",
        DistributedApplicationException => exception.Message.ReplaceLineEndings(" "),
        OptionsValidationException invalid => string.Join(" ", invalid.Failures),
        AggregateException { InnerException: { } inner } => Explain(inner),
        _ => null,
    };

    /// <summary>
    /// Makes the program exit with a single line that gives the reason if it cannot start, instead of waiting forever. Resources that fail or
    /// stay unhealthy later are reported by <see cref="ResourceWatcher"/>.
    /// </summary>
    public static void ReportStartFailures(this IDistributedApplicationBuilder builder)
    {
        if (!builder.ExecutionContext.IsRunMode)
            return;

        // How long Aspire waits for Docker; without this setting it continues without Docker.
        builder.Configuration["DcpPublisher:ContainerRuntimeInitializationTimeout"] ??= "00:00:05";
        // So that after an immediate restart all ports are free and no container is left.
        builder.Configuration["DcpPublisher:WaitForResourceCleanup"] ??= "true";
        // Reported by Explain instead, in one line without a stack trace.
        builder.Services.AddLogging(logging => logging
            .AddFilter("Aspire.Hosting.Dcp.DcpHost", LogLevel.Error)
            .AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.Critical));

        builder.Eventing.Subscribe<BeforeStartEvent>((start, _) =>
        {
            Ports.RequireFree(start.Services.GetRequiredService<IConfiguration>(), start.Model.Resources);
            return Task.CompletedTask;
        });
        // Registered first, because starting Aspire's own services takes until every container is running.
        builder.Services.Insert(0, ServiceDescriptor.Singleton<IHostedService, ResourceWatcher>());
    }
}
