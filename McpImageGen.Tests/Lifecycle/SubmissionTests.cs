using MassTransit;
using McpImageGen.Tests.Testing;

namespace McpImageGen.Tests.Lifecycle;

/// <summary>Tests that submit jobs on a database of their own. The bus runs; the messages go nowhere.</summary>
public abstract class SubmissionTests : IAsyncLifetime
{
    protected JobsOnDatabase Jobs { get; private set; } = null!;

    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        Jobs = await CreateAsync();
        await Jobs.Get<IBusControl>().StartAsync(Cancel);
    }

    public async ValueTask DisposeAsync()
    {
        await Jobs.Get<IBusControl>().StopAsync(CancellationToken.None);
        await Jobs.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected abstract Task<JobsOnDatabase> CreateAsync();
}
