using System.Globalization;
using System.Net;

namespace McpImageGen.AppHost;

/// <summary>
/// What can be set from outside: <c>Parameters:NAME</c> in user secrets, <c>--Parameters:NAME=value</c> on the command line, or
/// <c>Parameters__NAME</c> in the environment, with underscores for hyphens.
/// </summary>
internal static class Parameters
{
    public const string ApiPortName = "api-port";

    private const string WorkerConcurrencyName = "worker-concurrency";
    private const string EmulatorLatencyName = "emulator-latency";
    private static readonly TimeSpan LongestLatency = TimeSpan.FromMinutes(10);

    /// <summary>The bearer token of the owner <c>default</c>; made at the first start and kept.</summary>
    public static IResourceBuilder<ParameterResource> AddAuthToken(this IDistributedApplicationBuilder builder) =>
        builder.AddGeneratedSecret("auth-token");

    /// <summary>Generations at once in one worker, 1 to 1000.</summary>
    public static IResourceBuilder<ParameterResource> AddWorkerConcurrency(this IDistributedApplicationBuilder builder) =>
        builder.AddParameter(WorkerConcurrencyName, builder.WorkerConcurrency(), publishValueAsDefault: true);

    public static string WorkerConcurrency(this IDistributedApplicationBuilder builder) =>
        builder.Number(WorkerConcurrencyName, 64, 1, 1000).ToString(CultureInfo.InvariantCulture);

    /// <summary>How many workers run, 1 to 100; in Azure Container Apps the most that scaling makes.</summary>
    public static int WorkerReplicas(this IDistributedApplicationBuilder builder) => builder.Number("worker-replicas", 3, 1, 100);

    /// <summary>The port of the API, 1 to 65535.</summary>
    public static int ApiPort(this IDistributedApplicationBuilder builder) => builder.Number(ApiPortName, 5280, 1, IPEndPoint.MaxPort);

    /// <summary>A secret without characters that mean something in a connection string.</summary>
    public static IResourceBuilder<ParameterResource> AddGeneratedSecret(this IDistributedApplicationBuilder builder, string name) =>
        builder.AddParameter(name, new GenerateParameterDefault { MinLength = 32, Special = false }, secret: true, persist: true);

    /// <summary>How long the emulator takes for a picture, 0 to 10 minutes, as <c>hh:mm:ss</c>.</summary>
    /// <exception cref="DistributedApplicationException">It is set to something else.</exception>
    public static IResourceBuilder<ParameterResource> AddEmulatorLatency(this IDistributedApplicationBuilder builder)
    {
        var text = builder.Setting(EmulatorLatencyName, "00:00:01");
        return TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var latency) && latency >= TimeSpan.Zero && latency <= LongestLatency
            ? builder.AddParameter(EmulatorLatencyName, text)
            : throw Wrong(EmulatorLatencyName, text, $"a time from 00:00:00 to {LongestLatency}");
    }

    public static string Setting(this IDistributedApplicationBuilder builder, string name, string value) => builder.Setting(name) ?? value;

    /// <summary>The parameter's value as Aspire would find it, or null.</summary>
    public static string? Setting(this IDistributedApplicationBuilder builder, string name)
    {
        var key = $"Parameters:{name}";
        string?[] values = [builder.Configuration[key], builder.Configuration[key.Replace('-', '_')]];
        return values.FirstOrDefault(value => !string.IsNullOrEmpty(value));
    }

    /// <exception cref="DistributedApplicationException">The parameter is set to something else than a number in the range.</exception>
    private static int Number(this IDistributedApplicationBuilder builder, string name, int value, int least, int most)
    {
        if (builder.Setting(name) is not { } text)
            return value;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : throw Wrong(name, text, $"a whole number from {least} to {most}");
    }

    private static DistributedApplicationException Wrong(string name, string text, string form) =>
        new($"The parameter {name} (Parameters__{name.Replace('-', '_')}) is '{text}'; it must be {form}.");
}
