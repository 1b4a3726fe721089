using System.Globalization;

namespace McpImageGen.AppHost;

/// <summary>
/// What can be set from outside: <c>Parameters:NAME</c> in user secrets, <c>--Parameters:NAME=value</c> on the command line, or
/// <c>Parameters__NAME</c> in the environment, with underscores for hyphens.
/// </summary>
internal static class Parameters
{
    private const string WorkerConcurrencyName = "worker-concurrency";

    /// <summary>The bearer token of the owner <c>default</c>; made at the first start and kept.</summary>
    public static IResourceBuilder<ParameterResource> AddAuthToken(this IDistributedApplicationBuilder builder) =>
        builder.AddGeneratedSecret("auth-token");

    /// <summary>Generations at once in one worker, 1 to 1000.</summary>
    public static IResourceBuilder<ParameterResource> AddWorkerConcurrency(this IDistributedApplicationBuilder builder) =>
        builder.AddParameter(WorkerConcurrencyName, builder.WorkerConcurrency(), publishValueAsDefault: true);

    public static string WorkerConcurrency(this IDistributedApplicationBuilder builder) => builder.Setting(WorkerConcurrencyName, "64");

    /// <summary>How many workers run; in Azure Container Apps the most that scaling makes.</summary>
    /// <exception cref="DistributedApplicationException">It is set to something else than 1 to 100.</exception>
    public static int WorkerReplicas(this IDistributedApplicationBuilder builder)
    {
        var text = builder.Setting("worker-replicas", "3");
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var replicas) && replicas is >= 1 and <= 100
            ? replicas
            : throw new DistributedApplicationException($"The parameter worker-replicas is '{text}'; it must be 1 to 100.");
    }

    /// <summary>A secret without characters that mean something in a connection string.</summary>
    public static IResourceBuilder<ParameterResource> AddGeneratedSecret(this IDistributedApplicationBuilder builder, string name) =>
        builder.AddParameter(name, new GenerateParameterDefault { MinLength = 32, Special = false }, secret: true, persist: true);

    /// <summary>How long the emulator takes for a picture, as <c>hh:mm:ss</c>.</summary>
    public static IResourceBuilder<ParameterResource> AddEmulatorLatency(this IDistributedApplicationBuilder builder) =>
        builder.AddParameter("emulator-latency", builder.Setting("emulator-latency", "00:00:01"));

    public static string Setting(this IDistributedApplicationBuilder builder, string name, string value) => builder.Setting(name) ?? value;

    /// <summary>The parameter's value as Aspire would find it, or null.</summary>
    public static string? Setting(this IDistributedApplicationBuilder builder, string name)
    {
        var key = $"Parameters:{name}";
        string?[] values = [builder.Configuration[key], builder.Configuration[key.Replace('-', '_')]];
        return values.FirstOrDefault(value => !string.IsNullOrEmpty(value));
    }
}
