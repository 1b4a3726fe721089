namespace McpImageGen.Tests.Fuzz;

/// <summary>Measures memory, which other tests would use too: it runs beside no other test.</summary>
[CollectionDefinition(DisableParallelization = true)]
public sealed class FuzzRun;
