using System.Globalization;
using System.Text;

namespace McpImageGen.Tests.Fuzz;

/// <summary>One request. It can be sent by an HTTP client or, with everything that a client refuses to send, over a socket.</summary>
/// <param name="Method">The HTTP method.</param>
/// <param name="Path">The path and query, as they are.</param>
/// <param name="Headers">The headers, in this order; names may be repeated.</param>
/// <param name="Body">The body; null if there is none.</param>
/// <param name="IsAuthorized">False if the request carries no valid bearer token.</param>
public sealed record FuzzRequest(string Method, string Path, IReadOnlyList<(string Name, string Value)> Headers, byte[]? Body, bool IsAuthorized)
{
    private const int MaxShownLength = 2_000;

    /// <summary>Whether the request needs a bearer token.</summary>
    public bool IsCall => Path.StartsWith("/mcp", StringComparison.Ordinal) || Path.StartsWith("/sse", StringComparison.Ordinal);

    /// <summary>The request as an HTTP client sends it. Control characters are left out of headers.</summary>
    public HttpRequestMessage ToMessage(Uri server)
    {
        // The path is sent as it is: the server has to normalize it.
        var address = new Uri(server.GetLeftPart(UriPartial.Authority) + Path, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
        var message = new HttpRequestMessage(new HttpMethod(Method), address) { Content = Body is null ? null : new ByteArrayContent(Body) };
        foreach (var (name, value) in Headers)
        {
            var sendable = string.Concat(value.Where(character => character is '\t' || !char.IsControl(character)));
            if (!message.Headers.TryAddWithoutValidation(name, sendable))
                message.Content?.Headers.TryAddWithoutValidation(name, sendable);
        }

        return message;
    }

    /// <summary>The request as bytes, for a connection that the server is asked to close.</summary>
    public byte[] ToBytes(Uri server)
    {
        var head = new StringBuilder();
        head.Append(CultureInfo.InvariantCulture, $"{Method} {Path} HTTP/1.1\r\n");
        if (!Headers.Any(header => header.Name == "Host"))
            head.Append(CultureInfo.InvariantCulture, $"Host: {server.Authority}\r\n");
        if (Body is not null && !Headers.Any(header => header.Name is "Content-Length" or "Transfer-Encoding"))
            head.Append(CultureInfo.InvariantCulture, $"Content-Length: {Body.Length}\r\n");
        foreach (var (name, value) in Headers)
            head.Append(CultureInfo.InvariantCulture, $"{name}: {value}\r\n");
        head.Append("Connection: close\r\n\r\n");
        return [.. Encoding.UTF8.GetBytes(head.ToString()), .. Body ?? []];
    }

    public override string ToString()
    {
        var text = $"{Method} {Path}\n    {string.Join("\n    ", Headers.Select(header => $"{header.Name}: {header.Value}"))}\n    {Encoding.UTF8.GetString(Body ?? [])}";
        return text.Length > MaxShownLength ? text[..MaxShownLength] + "…" : text;
    }
}
