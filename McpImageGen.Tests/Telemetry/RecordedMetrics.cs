using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;

namespace McpImageGen.Tests.Telemetry;

/// <summary>What one server measures; other servers in this process have meters of their own.</summary>
public sealed class RecordedMetrics : IDisposable
{
    private readonly List<(string Name, string? Unit, double Value, string Tags)> _measured = [];
    private readonly MeterListener _listener = new();

    public RecordedMetrics(IServiceProvider server)
    {
        var factory = server.GetRequiredService<IMeterFactory>();
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Scope == factory && instrument.Meter.Name.StartsWith("McpImageGen.", StringComparison.Ordinal))
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.Start();
    }

    /// <summary>What was measured under the name with these tags (as <c>name=value</c>), in order.</summary>
    public double[] Of(string name, params string[] tags)
    {
        lock (_measured)
            return [.. _measured.Where(one => one.Name == name && tags.All(tag => one.Tags.Contains($"[{tag}]", StringComparison.Ordinal))).Select(one => one.Value)];
    }

    /// <summary>The units of all that was measured, by name.</summary>
    public SortedDictionary<string, string?> Units()
    {
        lock (_measured)
            return new(_measured.DistinctBy(one => one.Name).ToDictionary(one => one.Name, one => one.Unit), StringComparer.Ordinal);
    }

    /// <summary>Asks the gauges, as an exporter does, and forgets what they said before.</summary>
    public void Observe(string name)
    {
        lock (_measured)
            _measured.RemoveAll(one => one.Name == name);
        _listener.RecordObservableInstruments();
    }

    public void Dispose() => _listener.Dispose();

    private void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var text = "";
        foreach (var tag in tags)
            text += $"[{tag.Key}={tag.Value}]";
        lock (_measured)
            _measured.Add((instrument.Name, instrument.Unit, value, text));
    }
}
