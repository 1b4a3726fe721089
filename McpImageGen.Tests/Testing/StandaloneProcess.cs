using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;

namespace McpImageGen.Tests.Testing;

/// <summary>The standalone server as the process that users start.</summary>
public sealed partial class StandaloneProcess : IAsyncDisposable
{
    private static readonly TimeSpan MaxLifetime = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly CancellationTokenSource _life = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
    private readonly StringBuilder _output = new();
    private readonly TaskCompletionSource<FetchClient> _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly string[] _arguments;
    private string? _address;

    private StandaloneProcess(string[] arguments, Dictionary<string, string>? environment = null, params string[] around)
    {
        string[] command = [.. around, "dotnet", Path.Combine(AppContext.BaseDirectory, "McpImageGen.Standalone.dll"), .. arguments];
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        _arguments = arguments;
        foreach (var (name, value) in environment ?? [])
            start.Environment[name] = value;
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Read(line.Data);
        _process.ErrorDataReceived += (_, line) => Read(line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();

        // A test that waits for what never comes ends with the server.
        _life.Token.Register(Kill);
        _life.CancelAfter(MaxLifetime);
    }

    /// <summary>Whoever lets a process that takes its time use the server gives it longer than a minute to live.</summary>
    public TimeSpan Life
    {
        set => _life.CancelAfter(value);
    }

    public int Id => _process.Id;

    public bool IsRunning => !_process.HasExited;

    public string Output
    {
        get
        {
            lock (_output)
                return _output.ToString();
        }
    }

    /// <summary>Starts a server on a folder, with the settings of tests.</summary>
    public static StandaloneProcess Start(string folder, params string[] settings) =>
        new(RunningStandalone.ArgumentsFor(folder, settings));

    /// <summary>Starts a server on a folder, with the settings of tests and some variables of the environment.</summary>
    public static StandaloneProcess Start(string folder, Dictionary<string, string> environment, params string[] settings) =>
        new(RunningStandalone.ArgumentsFor(folder, settings), environment);

    /// <summary>Starts a server on a folder after a shell command in mount and user namespaces of its own, where it may mount; $0 is the folder.</summary>
    public static StandaloneProcess StartMounted(string folder, string mount, params string[] settings) => new(
        RunningStandalone.ArgumentsFor(folder, settings), environment: null, "unshare", "-rm", "sh", "-c", mount + " && exec \"$@\"", folder);

    /// <summary>Starts a server on a folder and logs which files it moves and syncs.</summary>
    public static StandaloneProcess StartTraced(string folder, string log) => new(
        RunningStandalone.ArgumentsFor(folder), environment: null, "strace", "-D", "-f", "--seccomp-bpf", "-y", "-s", "300", "-e", "trace=fsync,fdatasync,rename,renameat,renameat2", "-o", log);

    /// <summary>Starts a server with nothing but these arguments.</summary>
    public static StandaloneProcess StartBare(params string[] arguments) => new(arguments);

    /// <summary>A client of the server, as soon as it says that it is ready.</summary>
    public async Task<FetchClient> ReadyAsync()
    {
        var ended = _process.WaitForExitAsync(TestContext.Current.CancellationToken);
        if (await Task.WhenAny(_ready.Task, ended) == ended)
            throw new InvalidOperationException("The server ended: " + Output);
        return await _ready.Task;
    }

    /// <summary>Ends it as a crash does: nothing of its own code runs any more.</summary>
    public async Task KillAsync()
    {
        Kill();
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Asks it to stop, as Ctrl-C and every container platform do.</summary>
    public void Terminate()
    {
        using var kill = Process.Start("kill", ["-TERM", _process.Id.ToString()]);
        kill.WaitForExit();
    }

    /// <summary>Waits for its end by itself.</summary>
    public async Task<int> ExitCodeAsync()
    {
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        Kill();
        await _process.WaitForExitAsync(CancellationToken.None);
        _life.Dispose();
        _process.Dispose();
    }

    private void Kill()
    {
        if (!_process.HasExited)
            _process.Kill();
    }

    private void Read(string? line)
    {
        if (line is null)
            return;
        lock (_output)
            _output.AppendLine(line);
        if (Endpoint().Match(line) is { Success: true } endpoint)
            _address = endpoint.Groups[1].Value;
        if (_address is not null && Token().Match(line) is { Success: true } token)
            _ready.TrySetResult(new FetchClient(new HttpClient { BaseAddress = new Uri(_address) }, TokenAt(token.Groups[1].Value)));
    }

    /// <summary>The token itself is printed at the first start only; later ones say where it is.</summary>
    private string TokenAt(string printed)
    {
        const string Kept = "kept in ";
        const string Setting = "--AUTH_TOKEN=";
        return printed.StartsWith(Kept, StringComparison.Ordinal) ? File.ReadAllText(printed[Kept.Length..]).Trim()
            : printed == "the one in AUTH_TOKEN" ? _arguments.Last(argument => argument.StartsWith(Setting, StringComparison.Ordinal))[Setting.Length..]
            : printed;
    }

    [GeneratedRegex(@"^  MCP endpoint  (http://\S+)/mcp$")]
    private static partial Regex Endpoint();

    [GeneratedRegex(@"^  Bearer token  (.+)$")]
    private static partial Regex Token();
}
