using DotNet.Testcontainers.Builders;
using DotNet.Testcontainers.Volumes;
using McpImageGen.Tests.Containers;
using Microsoft.Extensions.Logging.Abstractions;

namespace McpImageGen.Tests.AppHost;

/// <summary>The data volumes of one AppHost in tests, gone after them; labelled, so that what a killed run leaves is found.</summary>
internal sealed class TestVolumes : IAsyncDisposable
{
    private readonly Dictionary<string, IVolume> _volumes = [];

    /// <summary>What the names of these volumes begin with.</summary>
    public string Prefix { get; } = $"mcpimagegen-test-{Guid.NewGuid():N}";

    /// <summary>Makes those that are not there yet.</summary>
    public async Task CreateAsync(IEnumerable<string> names)
    {
        foreach (var name in names.Where(name => !_volumes.ContainsKey(name)))
        {
            _volumes[name] = new VolumeBuilder()
                .WithName(name)
                .WithLabel(ContainerSettings.RunLabel, ContainerSettings.Run)
                .WithLogger(NullLogger.Instance)
                .Build();
            await _volumes[name].CreateAsync(TestContext.Current.CancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var volume in _volumes.Values)
            await volume.DisposeAsync();
    }
}
