using McpImageGen.Tests.Pages.Browser;

namespace McpImageGen.Tests.AppHost;

/// <summary>Tests of the AppHost as it runs. It is the whole system, so they run one after the other, beside no other test.</summary>
[CollectionDefinition(DisableParallelization = true)]
public sealed class WithAppHost : ICollectionFixture<SharedAppHost>, ICollectionFixture<Chromium>;
