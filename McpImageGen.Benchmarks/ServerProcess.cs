using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace McpImageGen.Benchmarks;

/// <summary>A server in a process of its own, which its clients call with the token of the benchmarks.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private const string Token = "benchmark";

    private readonly string _folder = Directory.CreateTempSubdirectory("mcp-image-gen-").FullName;
    private readonly Process _process;

    private ServerProcess(string program, int port, string[] settings, bool yields = false)
    {
        Http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = 2000 })
        {
            BaseAddress = new Uri($"http://127.0.0.1:{port}"),
            Timeout = TimeSpan.FromMinutes(5),
            DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", Token) },
        };
        string[] common = ["--data", _folder, "--urls", $"http://127.0.0.1:{port}", $"--AUTH_TOKEN={Token}", "--Logging:LogLevel:McpImageGen=Warning"];
        string[] command = ["dotnet", Path.Combine(AppContext.BaseDirectory, $"McpImageGen.{program}.dll"), .. common, .. settings];
        if (yields)
            command = ["nice", .. command];
        _process = Process.Start(new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardOutput = true,
        })!;
        _process.OutputDataReceived += (_, _) => { };
        _process.BeginOutputReadLine();
    }

    public HttpClient Http { get; }

    /// <summary>Starts one program of the system.</summary>
    public static ServerProcess Start(string program, int port, params string[] settings) => new(program, port, settings);

    /// <summary>
    /// Starts the emulator of a distributed system. It draws when nobody else needs the processor: the provider that it stands for is not
    /// on the machine that is measured.
    /// </summary>
    public static ServerProcess StartProvider(int port, params string[] settings) => new("WorkersAiEmulator", port, settings, yields: true);

    /// <summary>Starts the standalone server on an empty folder, its emulator with this latency.</summary>
    public static ServerProcess StartStandalone(TimeSpan latency) => new(
        "Standalone", 5281, [$"--Emulator:Latency={latency}", "--WorkersAi:AccountId=", "--WorkersAi:ApiToken=", "--WorkersAi:BaseUrl="]);

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
