using McpImageGen.Tests.Testing;
using McpImageGen.Tests.Tools;

namespace McpImageGen.Tests.AppHost;

/// <summary>At the address that the AppHost gives to the API, behind which all its replicas are.</summary>
[Collection<WithAppHost>]
[Slow]
public sealed class SixToolsTests(SharedAppHost shared) : SixToolsContract, IAsyncLifetime
{
    private RunningAppHost? _host;

    protected override FetchClient Client => _host!.Client;

    public async ValueTask InitializeAsync() => _host = await shared.StartedAsync();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
