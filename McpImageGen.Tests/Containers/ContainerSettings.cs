using DotNet.Testcontainers.Configurations;
using McpImageGen.Tests.Testing;

namespace McpImageGen.Tests.Containers;

/// <summary>What the environment says about container tests; <c>test-images/docker.sh</c> writes it.</summary>
public static class ContainerSettings
{
    /// <summary>By this label, <c>test-images/remove-containers.sh</c> finds what a killed run leaves.</summary>
    public const string RunLabel = "mcpimagegen.test-run";

    /// <summary>The process whose end makes the containers of this run superfluous: test.sh, or this one.</summary>
    public static string Run => Read("TEST_RUN") ?? $"{Environment.MachineName}-{Environment.ProcessId}";

    private static string? WhyNot =>
        Read("TEST_CONTAINERS") is { } setting && setting.StartsWith("off", StringComparison.Ordinal) ? $"Container tests are {setting}"
        : TestcontainersSettings.OS.DockerEndpointAuthConfig is null ? "Docker does not answer, or in a language of before API 1.44; test-images/docker.sh helps."
        : null;

    /// <summary>The image that the setting <c>TEST_IMAGES__…</c> names, else the official one.</summary>
    public static string Image(string name, string official) => ImageOf(name) ?? official;

    /// <summary>The image that the setting <c>TEST_IMAGES__…</c> names, or null.</summary>
    public static string? ImageOf(string name) => Read($"TEST_IMAGES__{name}");

    /// <summary>Skips the test where there is no Docker; in CI, where a skipped test would go unnoticed, fails it.</summary>
    public static void RequireDocker() => Requirement.Check(WhyNot);

    private static string? Read(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
