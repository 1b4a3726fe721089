namespace McpImageGen.Tests.Telemetry;

/// <summary>Tests that measure the memory of this process or switch on its telemetry for long: they run beside no other test.</summary>
[CollectionDefinition(DisableParallelization = true)]
public sealed class ProcessWide;
