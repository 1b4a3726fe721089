using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Configuration;

namespace McpImageGen.AppHost;

/// <summary>Finds out before anything is started whether the fixed ports are free: Aspire itself would wait for ever, or end with a stack trace.</summary>
internal static class Ports
{
    /// <summary>The addresses of the dashboard, which <c>Properties/launchSettings.json</c> sets.</summary>
    private static readonly string[] OfDashboard =
    [
        "ASPNETCORE_URLS",
        "ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL",
        "ASPIRE_DASHBOARD_OTLP_HTTP_ENDPOINT_URL",
        "ASPIRE_RESOURCE_SERVICE_ENDPOINT_URL",
    ];

    /// <exception cref="DistributedApplicationException">A port is taken, or an address of the dashboard can't be read.</exception>
    public static void RequireFree(IConfiguration configuration, IEnumerable<IResource> resources)
    {
        // Tests let Aspire choose other ports than those that are set.
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
            : throw new DistributedApplicationException($"{setting} is '{address}', but must be an address like http://localhost:15280.");

    private static void RequireFree(int port, string owner, string otherwise)
    {
        // Localhost is both.
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
                    $"Another program has port {port}, which {owner} needs. Stop that program (an AppHost that still runs?), or choose another port "
                    + $"with -- {otherwise} at the end of the command.");
            }
            catch (SocketException exception) when (exception.SocketErrorCode == SocketError.AccessDenied)
            {
                throw new DistributedApplicationException(
                    $"This user may not listen on port {port}, which {owner} needs. Choose another port with -- {otherwise} at the end of the command.");
            }
            catch (SocketException exception) when (exception.SocketErrorCode is SocketError.AddressNotAvailable or SocketError.AddressFamilyNotSupported)
            {
                // The machine has no IPv6.
            }
        }
    }
}
