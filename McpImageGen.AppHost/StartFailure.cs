using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace McpImageGen.AppHost;

/// <summary>Says in one line what keeps the system from starting.</summary>
internal static class StartFailure
{
    private const string ContainerRuntime = "Container runtime";

    /// <summary>The line for an exception that bad input causes; null for any other.</summary>
    public static string? Explain(Exception exception) => exception switch
    {
        DistributedApplicationException { Message: var message } when message.StartsWith(ContainerRuntime, StringComparison.Ordinal) =>
            $"{message.TrimEnd()} Install and start Docker or Podman, or name servers that you have: ConnectionStrings__jobs, __messaging, __redis and __images.",
        DistributedApplicationException => exception.Message.ReplaceLineEndings(" "),
        OptionsValidationException invalid => string.Join(" ", invalid.Failures),
        AggregateException { InnerException: { } inner } => Explain(inner),
        _ => null,
    };

    /// <summary>
    /// Lets the program end where it can't start, instead of waiting for ever, and say why in a single line; of what fails or stays unhealthy later,
    /// <see cref="ResourceWatcher"/> says it.
    /// </summary>
    public static void SayWhatKeepsItFromStarting(this IDistributedApplicationBuilder builder)
    {
        if (!builder.ExecutionContext.IsRunMode)
            return;

        // How long Aspire gives Docker to answer; unless it is told, it goes on without.
        builder.Configuration["DcpPublisher:ContainerRuntimeInitializationTimeout"] ??= "00:00:05";
        // Whoever starts it again at once finds its ports free and no container left.
        builder.Configuration["DcpPublisher:WaitForResourceCleanup"] ??= "true";
        // Said by Explain, in a line without a stack trace.
        builder.Services.AddLogging(logging => logging
            .AddFilter("Aspire.Hosting.Dcp.DcpHost", LogLevel.Error)
            .AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.Critical));

        builder.Eventing.Subscribe<BeforeStartEvent>((start, _) =>
        {
            Ports.RequireFree(start.Services.GetRequiredService<IConfiguration>(), start.Model.Resources);
            return Task.CompletedTask;
        });
        // First, since the start of Aspire's own services lasts until each container runs.
        builder.Services.Insert(0, ServiceDescriptor.Singleton<IHostedService, ResourceWatcher>());
    }
}
