namespace McpImageGen.Tests.Pages.Browser;

/// <summary>Tests in a real browser. They run one after the other: they share its clipboard, and a browser is a lot for a small machine.</summary>
[CollectionDefinition]
public sealed class InBrowser : ICollectionFixture<Chromium>, ICollectionFixture<ManyOwners>;
