using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Configuration;

namespace McpImageGen.AppHost;

/// <summary>Checks before the start that the fixed ports are free; otherwise Aspire would wait forever or fail with a stack trace.</summary>
internal static class Ports
{
    /// <summary>The settings for the dashboard's addresses, set in <c>Properties/launchSettings.json</c>.</summary>
    private static readonly string[] OfDashboard =
    [
        "ASPNETCORE_URLS",
        "ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL",
        "ASPIRE_DASHBOARD_OTLP_HTTP_ENDPOINT_URL",
        "ASPIRE_RESOURCE_SERVICE_ENDPOINT_URL",
    ];

    /// <exception cref="DistributedApplicationException">A port is in use, or an address of the dashboard is invalid.</exception>
    public static void RequireFree(IConfiguration configuration, IEnumerable<IResource> resources)
    {
        // Tests let Aspire choose random ports instead of the configured ones.
        if (configuration.GetValue<bool>("DcpPublisher:RandomizePorts"))
            return;

        foreach (var setting in OfDashboard)
        {
            foreach (var address in (configuration[setting] ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
                RequireFree(PortOf(setting, address), "the dashboard", $"--{setting}=http://localhost:PORT");
        }

        foreach (var resource in resources)
        {
            foreach (var endpoint in resource.Annotations.OfType<EndpointAnnotation>().Where(endpoint => endpoint.Port is not null))
                RequireFree(endpoint.Port!.Value, resource.Name, $"--Parameters:{Parameters.ApiPortName}=PORT");
        }
    }

    private static int PortOf(string setting, string address) =>
        Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Port is >= 0 and <= IPEndPoint.MaxPort
            ? uri.Port
            : throw new DistributedApplicationException($"{setting} is '{address}'; it must be an address such as http://localhost:15280.");

    private static void RequireFree(int port, string owner, string otherwise)
    {
        // Localhost can be either.
        foreach (var address in new[] { IPAddress.Loopback, IPAddress.IPv6Loopback })
        {
            try
            {
                using var listener = new TcpListener(address, port) { ExclusiveAddressUse = true };
                listener.Start();
            }
            catch (SocketException exception) when (exception.SocketErrorCode == SocketError.AddressAlreadyInUse)
            {
                throw new DistributedApplicationException(
                    $"Port {port}, which {owner} needs, is in use by another program. Stop that program (possibly another AppHost), or choose another port "
                    + $"by appending -- {otherwise} to the command.");
            }
            catch (SocketException exception) when (exception.SocketErrorCode == SocketError.AccessDenied)
            {
                throw new DistributedApplicationException(
                    $"The current user is not allowed to listen on port {port}, which {owner} needs. Choose another port by appending -- {otherwise} to the command.");
            }
            catch (SocketException exception) when (exception.SocketErrorCode is SocketError.AddressNotAvailable or SocketError.AddressFamilyNotSupported)
            {
                // The machine has no IPv6.
            }
        }
    }
}
