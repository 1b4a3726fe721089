using System.Net;
using System.Net.Security;
using System.Text;
using DotNet.Testcontainers.Builders;
using DotNet.Testcontainers.Containers;
using Microsoft.Extensions.Logging.Abstractions;
using RabbitMQ.Client;
using Testcontainers.RabbitMq;

namespace McpImageGen.Tests.Containers;

/// <summary>RabbitMQ that speaks TLS only, on a port of its own, with a certificate for 127.0.0.1.</summary>
public sealed class TlsRabbitMqServer() : Server("RabbitMQ with TLS")
{
    private const string User = "mcpimagegen";
    private const string Password = "secret";
    private const ushort ContainerPort = 5999;
    private const string Folder = "/etc/rabbitmq/tls";

    public CertificateAuthority Authority { get; } = new("authority of the test");

    /// <summary>Its address.</summary>
    /// <param name="host">127.0.0.1, or a name that is not in its certificate.</param>
    public string Address(string host = "127.0.0.1") => $"amqps://{User}:{Password}@{host}:{Port}";

    /// <summary>How many connections somebody has signed in on since it was started.</summary>
    public async Task<int> SignInsAsync()
    {
        var (output, errors) = await Container.GetLogsAsync(ct: Cancel);
        return (output + errors).Split("authenticated and granted access").Length - 1;
    }

    protected override IContainer Create()
    {
        var (certificate, key) = Authority.Issue(IPAddress.Loopback);
        var configuration = $"""
            listeners.tcp = none
            listeners.ssl.default = {ContainerPort}
            ssl_options.cacertfile = {Folder}/authority.pem
            ssl_options.certfile = {Folder}/certificate.pem
            ssl_options.keyfile = {Folder}/key.pem
            ssl_options.verify = verify_none

            """;
        return new RabbitMqBuilder(ContainerSettings.Image("RABBITMQ", "rabbitmq:4.3"))
            .WithUsername(User)
            .WithPassword(Password)
            .WithResourceMapping(Encoding.UTF8.GetBytes(Authority.Pem), $"{Folder}/authority.pem")
            .WithResourceMapping(Encoding.UTF8.GetBytes(certificate), $"{Folder}/certificate.pem")
            .WithResourceMapping(Encoding.UTF8.GetBytes(key), $"{Folder}/key.pem")
            .WithResourceMapping(Encoding.UTF8.GetBytes(configuration), "/etc/rabbitmq/conf.d/90-tls.conf")
            .WithPortBinding(Port, ContainerPort)
            .WithWaitStrategy(Wait.ForUnixContainer()) // the connection tells it sooner than the log
            .WithLabel(ContainerSettings.RunLabel, ContainerSettings.Run)
            .WithLogger(NullLogger.Instance)
            .Build();
    }

    protected override async Task TryAsync(CancellationToken cancellationToken)
    {
        var factory = new ConnectionFactory { Uri = new Uri(Address()) };
        factory.Ssl.AcceptablePolicyErrors = SslPolicyErrors.RemoteCertificateChainErrors;
        await using var connection = await factory.CreateConnectionAsync(cancellationToken);
    }
}
