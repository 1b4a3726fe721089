using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;

namespace McpImageGen.Tests.Fuzz;

/// <summary>Sends requests and finds what is wrong with their responses.</summary>
internal sealed partial class FuzzClient : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly string _token;

    public FuzzClient(Uri server, string token)
    {
        _token = token;
        Http = new HttpClient(new SocketsHttpHandler
        {
            // A redirect may lead to the host that a hostile header named.
            AllowAutoRedirect = false,
            CookieContainer = Cookies,
            UseProxy = false,
            RequestHeaderEncodingSelector = (_, _) => Encoding.UTF8,
        })
        { BaseAddress = server };
    }

    public CookieContainer Cookies { get; } = new();

    public HttpClient Http { get; }

    private Uri Server => Http.BaseAddress!;

    /// <summary>Sends a request.</summary>
    /// <returns>What is wrong with the response; null if nothing is.</returns>
    public async Task<string?> ProblemAsync(FuzzRequest request, FuzzEnd end, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Limit);
        try
        {
            var (status, text) = end is FuzzEnd.Client ? await SendAsync(request, limit.Token) : await SendRawAsync(request, end, limit.Token);
            return Problem(request, status, text);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return $"No response within {Limit.TotalSeconds} s";
        }
    }

    /// <summary>An error that the server did not expect, as its tools or JSON-RPC report it.</summary>
    public static bool IsInternal(string text) =>
        text.Contains("internal_error", StringComparison.Ordinal) || text.Contains("-32603", StringComparison.Ordinal);

    public void Dispose() => Http.Dispose();

    private async Task<(int Status, string Text)> SendAsync(FuzzRequest request, CancellationToken cancellationToken)
    {
        using var message = request.ToMessage(Server);
        using var response = await Http.SendAsync(message, cancellationToken);
        return ((int)response.StatusCode, $"{response.Headers}{response.Content.Headers}\n{await response.Content.ReadAsStringAsync(cancellationToken)}");
    }

    /// <summary>Sends a request over a connection of its own. A server that closes the connection without a response to a damaged request is right.</summary>
    private async Task<(int? Status, string Text)> SendRawAsync(FuzzRequest request, FuzzEnd end, CancellationToken cancellationToken)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(Server.Host, Server.Port, cancellationToken);
        var stream = client.GetStream();
        var bytes = request.ToBytes(Server);
        try
        {
            await stream.WriteAsync(end is FuzzEnd.Truncated ? bytes.AsMemory(0, bytes.Length - (bytes.Length / 4)) : bytes, cancellationToken);
            if (end is FuzzEnd.Abandoned)
                return (null, "");
            if (end is FuzzEnd.Truncated)
                client.Client.Shutdown(SocketShutdown.Send);
            using var answer = new StreamReader(stream, Encoding.UTF8);
            var text = await answer.ReadToEndAsync(cancellationToken);
            return (text.Split(' ') is [_, var status, ..] && int.TryParse(status, out var number) ? number : null, text);
        }
        catch (Exception exception) when (exception is IOException or SocketException)
        {
            return (null, "");
        }
    }

    private string? Problem(FuzzRequest request, int? status, string text)
    {
        var what = status >= 500 && !IsUnavailable(status.Value) ? "Server error"
            : IsInternal(text) ? "Internal error"
            : StackTrace().IsMatch(text) ? "Stack trace"
            : text.Contains(_token, StringComparison.Ordinal) ? "Token"
            : request is { IsCall: true, IsAuthorized: false } && text.Contains(RandomRequests.PromptMark, StringComparison.Ordinal) ? "Prompt"
            : null;
        return what is null ? null : $"{what} in response {status}: {(text.Length > 2_000 ? text[..2_000] + "…" : text)}";
    }

    /// <summary>The documented status codes of a server that has no room at the moment.</summary>
    private static bool IsUnavailable(int status) => status is 503 or 504;

    [GeneratedRegex(@"(\\n|\\r|\s)at (System|Microsoft|McpImageGen|ModelContextProtocol)\.|\w+\.\w+Exception\b")]
    private static partial Regex StackTrace();
}
