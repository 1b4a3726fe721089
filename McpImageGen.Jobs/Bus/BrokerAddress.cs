using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using RabbitMQ.Client;

namespace McpImageGen.Jobs.Bus;

/// <summary>
/// The address of the broker, for every connection to it. With <c>amqps://</c> the connection uses TLS on any port, and the certificate must be valid for
/// this host and issued by a trusted authority: one of the given ones, or if there are none, one that the system trusts.
/// </summary>
/// <param name="uri">The address.</param>
/// <param name="authorities">The trusted authorities; empty to trust those of the system.</param>
internal sealed class BrokerAddress(Uri uri, X509Certificate2Collection authorities)
{
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";

    public Uri Uri => uri;

    /// <exception cref="FormatException">It cannot be read; the message repeats no part of it.</exception>
    public static Uri Read(string text)
    {
        if (!text.StartsWith("amqp://", StringComparison.OrdinalIgnoreCase) && !text.StartsWith("amqps://", StringComparison.OrdinalIgnoreCase))
            throw new FormatException("it starts neither with amqp:// nor with amqps://");
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Host.Length == 0)
            throw new FormatException("it names no host, or has characters that must be percent-encoded");
        return uri.AbsolutePath.LastIndexOf('/') <= 0 ? uri : throw new FormatException("a slash in the virtual host's name is written %2f");
    }

    /// <summary>Reads a PEM file of certificates.</summary>
    /// <exception cref="FormatException">It cannot be read, or has none.</exception>
    public static X509Certificate2Collection ReadAuthorities(string file)
    {
        var authorities = new X509Certificate2Collection();
        try
        {
            authorities.ImportFromPemFile(file);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            throw new FormatException($"'{file}' cannot be read: {exception.Message}");
        }

        return authorities.Count > 0 ? authorities : throw new FormatException($"'{file}' has no certificate in PEM form");
    }

    public void ApplyTo(ConnectionFactory factory)
    {
        factory.Uri = uri;
        if (!factory.Ssl.Enabled)
            return;
        factory.Ssl = new SslOption(uri.IdnHost, enabled: true) { AcceptablePolicyErrors = SslPolicyErrors.None };
        if (authorities.Count > 0)
            factory.Ssl.CertificateValidationCallback = IsFromAuthority;
    }

    private bool IsFromAuthority(object sender, X509Certificate? certificate, X509Chain? sent, SslPolicyErrors errors)
    {
        if (certificate is null || (errors & ~SslPolicyErrors.RemoteCertificateChainErrors) != SslPolicyErrors.None)
            return false;
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(authorities);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck; // private authorities rarely publish revocations
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid(ServerAuthentication));
        if (sent is not null)
            chain.ChainPolicy.ExtraStore.AddRange(sent.ChainPolicy.ExtraStore);
        using var server = X509CertificateLoader.LoadCertificate(certificate.GetRawCertData());
        return chain.Build(server);
    }
}
