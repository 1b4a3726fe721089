using System.Text.RegularExpressions;

namespace McpImageGen.Tests.Testing;

/// <summary>The standalone server as the process that users start.</summary>
public sealed partial class StandaloneProcess : IAsyncDisposable
{
    private static readonly TimeSpan MaxLifetime = TimeSpan.FromSeconds(60);

    private readonly ChildProcess _process;
    private readonly CancellationTokenSource _life = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
    private readonly TaskCompletionSource<FetchClient> _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly string[] _arguments;
    private string? _address;

    private StandaloneProcess(string[] arguments, Dictionary<string, string>? environment = null, params string[] around)
    {
        _arguments = arguments;
        var start = ChildProcess.Dotnet("Standalone", arguments, environment);
        if (around.Length > 0)
        {
            foreach (var argument in around.Skip(1).Append(start.FileName).Reverse())
                start.ArgumentList.Insert(0, argument);
            start.FileName = around[0];
        }

        _process = new ChildProcess(start, Read);

        // A test that waits for what never comes ends with the server.
        _life.Token.Register(_process.Kill);
        _life.CancelAfter(MaxLifetime);
    }

    /// <summary>Whoever lets a process that takes its time use the server gives it longer than a minute to live.</summary>
    public TimeSpan Life
    {
        set => _life.CancelAfter(value);
    }

    public int Id => _process.Id;

    public bool IsRunning => _process.IsRunning;

    public string Output => _process.AllOutput;

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
    public Task<FetchClient> ReadyAsync() => _process.UnlessItEndsAsync(_ready.Task);

    /// <inheritdoc cref="ChildProcess.KillAsync"/>
    public Task KillAsync() => _process.KillAsync();

    /// <inheritdoc cref="ChildProcess.Terminate"/>
    public void Terminate() => _process.Terminate();

    /// <inheritdoc cref="ChildProcess.ExitCodeAsync"/>
    public Task<int> ExitCodeAsync() => _process.ExitCodeAsync();

    public async ValueTask DisposeAsync()
    {
        _life.Dispose();
        await _process.DisposeAsync();
    }

    private void Read(string line)
    {
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
