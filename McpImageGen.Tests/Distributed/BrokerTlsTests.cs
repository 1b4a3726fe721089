using System.Collections.Concurrent;
using System.Net.Security;
using System.Security.Authentication;
using McpImageGen.Jobs.Bus;
using McpImageGen.Tests.Containers;
using McpImageGen.Tests.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using RabbitMQ.Client;

namespace McpImageGen.Tests.Distributed;

/// <summary>A broker at <c>amqps://</c>, on another port than 5671.</summary>
[Slow]
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
    public async Task Jobs_complete_through_a_TLS_broker_with_the_configured_CA_certificate()
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
    public async Task Password_is_not_sent_to_a_broker_with_an_untrusted_certificate(string host, Trust trust)
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
                output => output.Contains("Cannot connect to the message broker (ConnectionStrings__messaging); retrying: The remote certificate", StringComparison.Ordinal),
                "it says why it waits");
            await service.UntilAsync("unhealthy");
        }

        Assert.Equal(before, await broker.SignInsAsync());
    }

    [Theory]
    [InlineData("127.0.0.1", Trust.System)]
    [InlineData("localhost", Trust.Authority)]
    public async Task Bus_verifies_the_certificate_of_the_broker(string host, Trust trust)
    {
        using var log = new FailureLog();
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Logging.AddProvider(log);
        builder.Configuration["ConnectionStrings:messaging"] = broker.Address(host);
        if (trust == Trust.Authority)
            builder.Configuration["Messaging:CaCertificate"] = Write(broker.Authority);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.AddRabbitMqBus();
        // The connection beside the bus finds nothing wrong.
        var careless = new ConnectionFactory { Uri = new Uri(broker.Address(host)) };
        careless.Ssl.AcceptablePolicyErrors = SslPolicyErrors.RemoteCertificateChainErrors | SslPolicyErrors.RemoteCertificateNameMismatch;
        builder.Services.AddSingleton<IConnectionFactory>(careless);
        using var services = builder.Build();

        await services.StartAsync(TestContext.Current.CancellationToken);

        await Until.HoldsAsync(
            () => Task.FromResult(log.Failures.ToList()),
            failures => failures.Any(failure => failure.GetBaseException() is AuthenticationException), "the bus refuses the certificate");
        await services.StopAsync(TestContext.Current.CancellationToken);
    }

    private string Write(CertificateAuthority authority)
    {
        var file = Path.Combine(_folder.Path, "authority.pem");
        File.WriteAllText(file, authority.Pem);
        return file;
    }

    private sealed class FailureLog : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<Exception> Failures { get; } = [];

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (exception is not null)
                Failures.Enqueue(exception);
        }

        public void Dispose()
        {
        }
    }

    public enum Trust
    {
        System,
        Authority,
        OtherAuthority,
    }
}
