using System.Net;
using System.Net.Sockets;

namespace McpImageGen.Tests.Testing;

/// <summary>Ports for servers that must be told theirs.</summary>
internal static class FreePort
{
    /// <summary>
    /// A port that nobody has. It lies below those that systems give to connections and to servers that take any: while the server is down, or not
    /// there yet, nobody else is given it, not even the client that tries to reach it.
    /// </summary>
    public static int Next()
    {
        while (true)
        {
            var port = Random.Shared.Next(20_000, 32_000);
            try
            {
                using var listener = new TcpListener(IPAddress.Any, port);
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // Somebody has it.
            }
        }
    }
}
