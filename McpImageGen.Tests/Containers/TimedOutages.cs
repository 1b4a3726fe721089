namespace McpImageGen.Tests.Containers;

/// <summary>Tests that stop or kill servers and depend on time limits of a second or two: they run one after the other, beside no other test.</summary>
[CollectionDefinition(DisableParallelization = true)]
public sealed class TimedOutages;
