using McpImageGen.Tests.AppHost;
using McpImageGen.Tests.AppHost.Dashboard;
using McpImageGen.Tests.Clients;
using McpImageGen.Tests.Containers;
using McpImageGen.Tests.Distributed;
using McpImageGen.Tests.Lifecycle;
using McpImageGen.Tests.Pages.Browser;
using McpImageGen.Tests.Standalone;
using McpImageGen.Tests.Telemetry;
using McpImageGen.Tests.Testing;
using Xunit.Sdk;
using Xunit.v3;
using StartTests = McpImageGen.Tests.Standalone.StartTests;

[assembly: TestCollectionOrderer(typeof(LongestFirst))]

namespace McpImageGen.Tests.Testing;

/// <summary>Starts the longest collections first: at the end of the run, nothing waits for one that started late.</summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    private static readonly string[] Longest = [.. new[]
    {
        typeof(RealClientTests), typeof(Outages), typeof(StartTests), typeof(DrainTests), typeof(BrokerTlsTests), typeof(ResourceWatcherTests), typeof(CrashTests),
        typeof(ReadOnlyStoreTests), typeof(WholeSystemTests), typeof(AddressFormTests), typeof(HousekeepingOnServersTests), typeof(Distributed.RateLimitTests),
        typeof(PgBouncerTests), typeof(StartFailureTests), typeof(RequeueOnPostgresTests), typeof(DistributedExportTests), typeof(SseTests), typeof(StdioTests),
        typeof(WaitLimitTests), typeof(DeadLetterTests), typeof(InBrowser),
    }.Select(type => type.FullName!)];

    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(IReadOnlyCollection<TTestCollection> testCollections)
        where TTestCollection : ITestCollection =>
        [.. testCollections.OrderBy(collection => Array.FindIndex(Longest, name => Is(collection, name)) is var index and >= 0 ? index : Longest.Length)];

    /// <summary>A class without a collection has one of its own, which is named after the class.</summary>
    private static bool Is(ITestCollection collection, string name) =>
        collection.TestCollectionClassName == name || collection.TestCollectionDisplayName.Contains($"{name} ", StringComparison.Ordinal);
}
