using System.Text.Json;

namespace McpImageGen.Tests.Testing;

/// <summary>The standalone server as the process that clients start which speak over standard input and output.</summary>
public sealed class StdioProcess : IAsyncDisposable
{
    private readonly ChildProcess _process;

    private StdioProcess(string[] arguments) => _process = new ChildProcess(ChildProcess.Dotnet("Standalone", ["--stdio", .. arguments]));

    /// <summary>The program.</summary>
    public static string Dll => Path.Combine(AppContext.BaseDirectory, "McpImageGen.Standalone.dll");

    /// <summary>What it wrote to standard error.</summary>
    public string Errors => _process.Errors;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Starts it on a folder, with the settings of tests.</summary>
    public static StdioProcess Start(string folder, params string[] settings) => new(RunningStandalone.ArgumentsFor(folder, settings));

    /// <summary>Starts it with nothing but these arguments.</summary>
    public static StdioProcess StartBare(params string[] arguments) => new(arguments);

    public async Task SendAsync(string line)
    {
        await _process.Input.WriteLineAsync(line.AsMemory(), Cancel);
        await _process.Input.FlushAsync(Cancel);
    }

    public Task SendAsync(object message) => SendAsync(JsonSerializer.Serialize(message));

    public Task CallAsync(int id, string tool, object arguments) =>
        SendAsync(new { jsonrpc = "2.0", id, method = "tools/call", @params = new { name = tool, arguments } });

    /// <summary>The next message on standard output; null at its end. Anything else there is a failure.</summary>
    public async Task<JsonElement?> MessageAsync()
    {
        var line = await _process.ReadLineAsync();
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
    public void Close() => _process.Input.Close();

    /// <inheritdoc cref="ChildProcess.ExitCodeAsync"/>
    public Task<int> ExitCodeAsync() => _process.ExitCodeAsync();

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
