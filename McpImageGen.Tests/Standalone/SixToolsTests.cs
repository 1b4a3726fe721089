using McpImageGen.Tests.Testing;
using McpImageGen.Tests.Tools;

namespace McpImageGen.Tests.Standalone;

public sealed class SixToolsTests(SharedStandalone standalone) : SixToolsContract, IClassFixture<SharedStandalone>
{
    protected override FetchClient Client => standalone.Server.Client;
}
