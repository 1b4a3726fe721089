using System.Globalization;
using System.Net;

namespace McpImageGen.AppHost;

/// <summary>
/// The parameters of the AppHost: <c>Parameters:NAME</c> in user secrets, <c>--Parameters:NAME=value</c> on the command line, or
/// <c>Parameters__NAME</c> in the environment, with underscores for hyphens.
/// </summary>
internal static class Parameters
{
    public const string ApiPortName = "api-port";

    private const string WorkerConcurrencyName = "worker-concurrency";
    private const string EmulatorLatencyName = "emulator-latency";
    private const string AtTheNextStart = "Takes effect when the AppHost is restarted.";
    private static readonly TimeSpan MaxLatency = TimeSpan.FromMinutes(10);

    /// <summary>The bearer token of the owner <c>default</c>; generated at the first start and saved.</summary>
    public static IResourceBuilder<ParameterResource> AddAuthToken(this IDistributedApplicationBuilder builder) =>
        builder.AddGeneratedSecret("auth-token")
            .WithDescription("The bearer token of the owner default, for MCP clients and for signing in to the gallery.");

    /// <summary>Concurrent generations per worker, 1 to 1000.</summary>
    public static IResourceBuilder<ParameterResource> AddWorkerConcurrency(this IDistributedApplicationBuilder builder) =>
        builder.AddParameter(WorkerConcurrencyName, builder.WorkerConcurrency(), publishValueAsDefault: true)
            .WithInput(InputType.Number, "The number of images that a worker generates concurrently, 1 to 1000. Takes effect when the worker is restarted.");

    public static string WorkerConcurrency(this IDistributedApplicationBuilder builder) =>
        builder.Number(WorkerConcurrencyName, 64, 1, 1000).ToString(CultureInfo.InvariantCulture);

    /// <summary>The number of workers, 1 to 100; in Azure Container Apps the maximum for scaling.</summary>
    public static int AddWorkerReplicas(this IDistributedApplicationBuilder builder) =>
        builder.AddReplicas("worker-replicas", 3, "The number of workers, 1 to 100.");

    /// <summary>
    /// The number of API replicas behind one address on this machine, 1 to 100; 1 when publishing, where the target sets the number.
    /// </summary>
    public static int AddApiReplicas(this IDistributedApplicationBuilder builder) =>
        builder.ExecutionContext.IsPublishMode ? 1 : builder.AddReplicas("api-replicas", 2, "The number of API replicas behind one address, 1 to 100.");

    /// <summary>The port of the API, 1 to 65535.</summary>
    public static int ApiPort(this IDistributedApplicationBuilder builder) => builder.Number(ApiPortName, 5280, 1, IPEndPoint.MaxPort);

    /// <summary>Whether Redis Insight, pgweb and RabbitMQ's management UI run alongside the servers on this machine.</summary>
    /// <exception cref="DistributedApplicationException">The value is neither true nor false.</exception>
    public static bool AddToolsSwitch(this IDistributedApplicationBuilder builder)
    {
        const string name = "with-tools";
        var text = builder.Setting(name, "false");
        if (!bool.TryParse(text, out var isOn))
            throw Wrong(name, text, "true or false");
        if (builder.ExecutionContext.IsPublishMode)
            return false;
        builder.AddParameter(name, text).WithInput(
            InputType.Boolean, $"Whether to run Redis Insight, pgweb and RabbitMQ's management UI. {AtTheNextStart}");
        return isOn;
    }

    /// <summary>A secret without characters that are special in connection strings; generated at the first start and saved.</summary>
    public static IResourceBuilder<ParameterResource> AddGeneratedSecret(this IDistributedApplicationBuilder builder, string name) =>
        builder.AddParameter(name, new GenerateParameterDefault { MinLength = 32, Special = false }, secret: true, persist: true);

    /// <summary>How long the emulator takes per image, 0 to 10 minutes, as <c>hh:mm:ss</c>.</summary>
    /// <exception cref="DistributedApplicationException">The value is not a time in this range.</exception>
    public static IResourceBuilder<ParameterResource> AddEmulatorLatency(this IDistributedApplicationBuilder builder)
    {
        var text = builder.Setting(EmulatorLatencyName, "00:00:01");
        return TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var latency) && latency >= TimeSpan.Zero && latency <= MaxLatency
            ? builder.AddParameter(EmulatorLatencyName, text)
                .WithDescription("How long the emulator takes per image, as hh:mm:ss. Takes effect when the emulator is restarted.")
            : throw Wrong(EmulatorLatencyName, text, $"a time between 00:00:00 and {MaxLatency}");
    }

    public static string Setting(this IDistributedApplicationBuilder builder, string name, string value) => builder.Setting(name) ?? value;

    /// <summary>The parameter's value as Aspire resolves it, or null.</summary>
    public static string? Setting(this IDistributedApplicationBuilder builder, string name)
    {
        var key = $"Parameters:{name}";
        string?[] values = [builder.Configuration[key], builder.Configuration[key.Replace('-', '_')]];
        return values.FirstOrDefault(value => !string.IsNullOrEmpty(value));
    }

    private static int AddReplicas(this IDistributedApplicationBuilder builder, string name, int usual, string description)
    {
        var replicas = builder.Number(name, usual, 1, 100);
        if (builder.ExecutionContext.IsRunMode)
            builder.AddParameter(name, replicas.ToString(CultureInfo.InvariantCulture)).WithInput(InputType.Number, $"{description} {AtTheNextStart}");
        return replicas;
    }

    /// <exception cref="DistributedApplicationException">The value is not an integer in the range.</exception>
    private static int Number(this IDistributedApplicationBuilder builder, string name, int value, int min, int max)
    {
        if (builder.Setting(name) is not { } text)
            return value;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max
            ? number
            : throw Wrong(name, text, $"an integer between {min} and {max}");
    }

    private static DistributedApplicationException Wrong(string name, string text, string form) =>
        new($"The parameter {name} (Parameters__{name.Replace('-', '_')}) is '{text}'; it must be {form}.");

    /// <summary>Sets how the dashboard describes a parameter and asks for it.</summary>
    private static IResourceBuilder<ParameterResource> WithInput(
        this IResourceBuilder<ParameterResource> parameter, InputType type, string description) =>
        parameter.WithDescription(description).WithCustomInput(resource => new InteractionInput
        {
            Name = resource.Name,
            Label = resource.Name,
            Description = description,
            InputType = type,
        });
}
