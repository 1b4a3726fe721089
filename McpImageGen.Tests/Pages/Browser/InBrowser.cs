using McpImageGen.Tests.Testing;

namespace McpImageGen.Tests.Pages.Browser;

/// <summary>
/// Tests in a real browser. They run one after the other, because they share its clipboard, and not while other tests run: when those start or
/// stop a container, a network of this machine comes or goes, and Chromium then ends all requests, also those of the images on a page.
/// </summary>
[CollectionDefinition(DisableParallelization = true)]
public sealed class InBrowser : ICollectionFixture<Chromium>, ICollectionFixture<SharedStandalone>;
