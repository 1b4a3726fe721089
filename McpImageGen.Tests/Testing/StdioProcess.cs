using System.Diagnostics;
using System.Text;
using System.Text.Json;

namespace McpImageGen.Tests.Testing;

/// <summary>The standalone server as the process that clients start which speak over standard input and output.</summary>
public sealed class StdioProcess : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly StringBuilder _errors = new();

    private StdioProcess(string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Dll, "--stdio", .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
        };
        _process = new Process { StartInfo = start };
        _process.ErrorDataReceived += (_, line) =>
        {
            lock (_errors)
                _errors.AppendLine(line.Data);
        };
        _process.Start();
        _process.BeginErrorReadLine();
    }

    /// <summary>The program.</summary>
    public static string Dll => Path.Combine(AppContext.BaseDirectory, "McpImageGen.Standalone.dll");

    /// <summary>What it wrote to standard error.</summary>
    public string Errors
    {
        get
        {
            lock (_errors)
                return _errors.ToString();
        }
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Starts it on a folder, with the settings of tests.</summary>
    public static StdioProcess Start(string folder, params string[] settings) => new(RunningStandalone.ArgumentsFor(folder, settings));

    /// <summary>Starts it with nothing but these arguments.</summary>
    public static StdioProcess StartBare(params string[] arguments) => new(arguments);

    public async Task SendAsync(string line)
    {
        await _process.StandardInput.WriteLineAsync(line.AsMemory(), Cancel);
        await _process.StandardInput.FlushAsync(Cancel);
    }

    public Task SendAsync(object message) => SendAsync(JsonSerializer.Serialize(message));

    public Task CallAsync(int id, string tool, object arguments) =>
        SendAsync(new { jsonrpc = "2.0", id, method = "tools/call", @params = new { name = tool, arguments } });

    /// <summary>The next message on standard output; null at its end. Anything else there is a failure.</summary>
    public async Task<JsonElement?> MessageAsync()
    {
        var line = await _process.StandardOutput.ReadLineAsync(Cancel).AsTask().WaitAsync(Limit, Cancel);
        return line is null ? null : JsonElement.Parse(line);
    }

    /// <summary>The outcome of the tool call that is answered next.</summary>
    public async Task<ToolOutcome> OutcomeAsync()
    {
        var message = await MessageAsync() ?? throw new InvalidOperationException("It ended: " + Errors);
        Assert.True(message.TryGetProperty("result", out var result), message.ToString());
        return ToolOutcome.Of(result);
    }

    /// <summary>Closes standard input, as clients do that need it no more.</summary>
    public void Close() => _process.StandardInput.Close();

    public async Task<int> ExitCodeAsync()
    {
        await _process.WaitForExitAsync(Cancel).WaitAsync(Limit, Cancel);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill();
        await _process.WaitForExitAsync(CancellationToken.None);
        _process.Dispose();
    }
}
