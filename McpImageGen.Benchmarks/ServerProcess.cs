using System.Diagnostics;

namespace McpImageGen.Benchmarks;

/// <summary>A server in a separate process, called with the benchmarks' token.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("mcp-image-gen-").FullName;
    private readonly Process _process;

    private ServerProcess(string program, int port, string[] settings, bool yields = false)
    {
        Http = ToolCall.NewClient($"http://127.0.0.1:{port}");
        string[] common = ["--data", _folder, "--urls", $"http://127.0.0.1:{port}", $"--AUTH_TOKEN={ToolCall.Token}", "--Logging:LogLevel:McpImageGen=Warning"];
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

    /// <summary>The processor time that it has used so far.</summary>
    public TimeSpan CpuTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>Starts one program of the system.</summary>
    public static ServerProcess Start(string program, int port, params string[] settings) => new(program, port, settings);

    /// <summary>
    /// Starts the emulator of a distributed system. It runs with low priority, because the provider that it replaces would not run on the
    /// measured machine.
    /// </summary>
    public static ServerProcess StartProvider(int port, params string[] settings) => new("WorkersAiEmulator", port, settings, yields: true);

    /// <summary>Starts the standalone server on an empty folder, with this emulator latency.</summary>
    public static ServerProcess StartStandalone(TimeSpan latency) => new(
        "Standalone", 5281, [$"--Emulator:Latency={latency}", "--WorkersAi:AccountId=", "--WorkersAi:ApiToken=", "--WorkersAi:BaseUrl="]);

    /// <summary>Waits until the server's health endpoint responds.</summary>
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

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
