using System.Globalization;
using McpImageGen.Tests.Testing;

namespace McpImageGen.Tests.Distributed;

/// <summary>
/// The wall clock of one host, wrong by an offset that can change while its processes run (libfaketime). Their monotonic clocks stay right.
/// </summary>
public sealed class FakeClock : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    public FakeClock(TimeSpan offset) => Set(offset);

    /// <summary>The path of libfaketime.</summary>
    public static string Library => Requirement.Setting("TEST_FAKETIME", "Tests with wrong clocks", "McpImageGen.Tests/Distributed/install.sh");

    /// <summary>The environment of the host's processes.</summary>
    public IReadOnlyDictionary<string, string> Settings => SettingsFor(Library, _file);

    /// <summary>The environment of processes that load this library and read their offset from this file.</summary>
    public static IReadOnlyDictionary<string, string> SettingsFor(string library, string file) => new Dictionary<string, string>
    {
        ["LD_PRELOAD"] = library,
        ["FAKETIME_TIMESTAMP_FILE"] = file,
        ["FAKETIME_CACHE_DURATION"] = "1", // seconds
        ["FAKETIME_DONT_FAKE_MONOTONIC"] = "1",
        ["FAKETIME_FORCE_MONOTONIC_FIX"] = "0", // otherwise timed waits of .NET return immediately
    };

    /// <summary>What the file contains for this offset.</summary>
    public static string Text(TimeSpan offset) => string.Create(CultureInfo.InvariantCulture, $"{offset.TotalSeconds:+0;-0;+0}\n");

    /// <summary>Sets the clock; the processes notice it within 1 s.</summary>
    public void Set(TimeSpan offset) => File.WriteAllText(_file, Text(offset));

    public void Dispose() => File.Delete(_file);
}
