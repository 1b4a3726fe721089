namespace McpImageGen.Tests.Containers;

/// <summary>Tests that stop or kill servers. They run one after the other, on servers that no other test uses, so the rest of the run continues beside them.</summary>
[CollectionDefinition]
public sealed class Outages : ICollectionFixture<Servers>;
