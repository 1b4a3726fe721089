using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace McpImageGen.Benchmarks;

/// <summary>The standalone server in a process and a folder of its own.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private const string Address = "http://127.0.0.1:5281";
    private const string Token = "benchmark";

    private readonly string _folder = Directory.CreateTempSubdirectory("mcp-image-gen-").FullName;
    private readonly Process _process;

    private ServerProcess(TimeSpan latency)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            ArgumentList =
            {
                Path.Combine(AppContext.BaseDirectory, "McpImageGen.Standalone.dll"),
                "--data", _folder, "--urls", Address, $"--AUTH_TOKEN={Token}", $"--Emulator:Latency={latency}",
                "--WorkersAi:AccountId=", "--WorkersAi:ApiToken=", "--WorkersAi:BaseUrl=", "--Logging:LogLevel:McpImageGen=Warning",
            },
            RedirectStandardOutput = true,
        };
        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, _) => { };
        _process.BeginOutputReadLine();
    }

    public HttpClient Http { get; } = new(new SocketsHttpHandler { MaxConnectionsPerServer = 2000 })
    {
        BaseAddress = new Uri(Address),
        Timeout = TimeSpan.FromMinutes(5),
        DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", Token) },
    };

    public static ServerProcess Start(TimeSpan latency) => new(latency);

    /// <summary>Asks for the server's health until it answers.</summary>
    public async Task<ServerProcess> ReadyAsync()
    {
        while (true)
        {
            try
            {
                using var response = await Http.GetAsync("/health");
                response.EnsureSuccessStatusCode();
                return this;
            }
            catch (HttpRequestException) when (!_process.HasExited)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(5));
            }
        }
    }

    /// <summary>Calls a tool and returns the JSON object that it answers with.</summary>
    public async Task<JsonElement> CallAsync(string tool, object arguments)
    {
        using var response = await Http.PostAsJsonAsync(
            "/mcp", new { jsonrpc = "2.0", id = 1, method = "tools/call", @params = new { name = tool, arguments } });
        var answer = await response.Content.ReadFromJsonAsync<JsonElement>();
        var outcome = JsonElement.Parse(answer.GetProperty("result").GetProperty("content")[0].GetProperty("text").GetString()!);
        return outcome.GetProperty("success").GetBoolean()
            ? outcome
            : throw new InvalidOperationException($"{tool} did not succeed: {outcome}");
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
