namespace McpImageGen.Tests.Containers;

/// <summary>Tests that take servers away from everybody: they run one after the other, beside no other test.</summary>
[CollectionDefinition(DisableParallelization = true)]
public sealed class Outages;
