using McpImageGen.Tests.Containers;
using McpImageGen.Tests.Testing;

namespace McpImageGen.Tests.Distributed;

/// <summary>A broker at <c>amqps://</c>, on another port than 5671.</summary>
public sealed class BrokerTlsTests(Servers servers, TlsRabbitMqServer broker) : IClassFixture<TlsRabbitMqServer>, IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();

    public async ValueTask InitializeAsync() => await broker.StartAsync();

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Jobs_go_through_a_broker_whose_authority_is_given()
    {
        await using var system = new DistributedSystem(servers);
        await system.PreparedAsync();
        system.Settings["ConnectionStrings__messaging"] = broker.Address();
        system.Settings["Messaging__CaCertificate"] = Write(broker.Authority);
        system.StartServices(apis: 1, workers: 1);
        await system.HealthyAsync();

        var done = await system.Client(0).CallAsync("generate_image_and_wait", new { prompt = "encrypted", count = 3 });

        Assert.True(done.Success, done.Raw);
    }

    [Theory]
    [InlineData("127.0.0.1", Trust.System)]
    [InlineData("127.0.0.1", Trust.OtherAuthority)]
    [InlineData("localhost", Trust.Authority)]
    public async Task A_broker_that_cannot_prove_who_it_is_is_told_no_password(string host, Trust trust)
    {
        using var other = new CertificateAuthority("another authority");
        await using var system = new DistributedSystem(servers);
        await system.PreparedAsync();
        system.Settings["ConnectionStrings__messaging"] = broker.Address(host);
        if (trust != Trust.System)
            system.Settings["Messaging__CaCertificate"] = Write(trust == Trust.Authority ? broker.Authority : other);
        var before = await broker.SignInsAsync();

        system.StartServices(apis: 1, workers: 1);

        foreach (var service in system.Services)
        {
            await Until.HoldsAsync(
                () => Task.FromResult(service.Output),
                output => output.Contains("Waiting for the broker (ConnectionStrings__messaging): The remote certificate", StringComparison.Ordinal),
                "it says why it waits");
            await service.UntilAsync("unhealthy");
        }

        Assert.Equal(before, await broker.SignInsAsync());
    }

    private string Write(CertificateAuthority authority)
    {
        var file = Path.Combine(_folder.Path, "authority.pem");
        File.WriteAllText(file, authority.Pem);
        return file;
    }

    public enum Trust
    {
        System,
        Authority,
        OtherAuthority,
    }
}
