using System.Diagnostics;
using System.Text;
using System.Threading.Channels;

namespace McpImageGen.Tests.Testing;

/// <summary>A program that a test starts, and everything that it writes. It is killed at the latest when it is disposed of.</summary>
public sealed class ChildProcess : IAsyncDisposable
{
    private static readonly TimeSpan MaxWait = TimeSpan.FromMinutes(3);

    private readonly Process _process;
    private readonly string _name;
    private readonly bool _killsTree;
    private readonly Lock _lock = new();
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _errors = new();
    private readonly StringBuilder _all = new();
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();
    private readonly List<(string Text, TaskCompletionSource Written)> _awaited = [];

    /// <param name="start">The program, its arguments and its environment.</param>
    /// <param name="onLine">Receives each line of both outputs immediately.</param>
    /// <param name="killsTree">True if the program starts others that do not end with it.</param>
    public ChildProcess(ProcessStartInfo start, Action<string>? onLine = null, bool killsTree = false)
    {
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        start.StandardInputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        _name = Path.GetFileNameWithoutExtension(start.FileName is "dotnet" ? start.ArgumentList[0] : start.FileName);
        _killsTree = killsTree;
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Read(line.Data, _output, onLine);
        _process.ErrorDataReceived += (_, line) => Read(line.Data, _errors, onLine);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public int Id => _process.Id;

    public bool IsRunning => !_process.HasExited;

    public StreamWriter Input => _process.StandardInput;

    /// <summary>What it has written to standard output.</summary>
    public string Output => Text(_output);

    /// <summary>What it has written to standard error.</summary>
    public string Errors => Text(_errors);

    /// <summary>What it has written to either, in the order of arrival.</summary>
    public string AllOutput => Text(_all);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>A program of this solution, with further variables in its environment.</summary>
    public static ProcessStartInfo Dotnet(string project, IEnumerable<string> arguments, IEnumerable<KeyValuePair<string, string>>? environment = null)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, $"McpImageGen.{project}.dll"), .. arguments]);
        foreach (var (name, value) in environment ?? [])
            start.Environment[name] = value;
        return start;
    }

    /// <summary>The next line of standard output; null at its end.</summary>
    public async Task<string?> ReadLineAsync()
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        limit.CancelAfter(MaxWait);
        return await _lines.Reader.WaitToReadAsync(limit.Token) ? await _lines.Reader.ReadAsync(limit.Token) : null;
    }

    /// <summary>Waits until it has written the text.</summary>
    public async Task UntilWrittenAsync(string text)
    {
        var written = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            _awaited.Add((text, written));
            if (_all.ToString().Contains(text, StringComparison.Ordinal))
                written.SetResult();
        }

        await WithinLimitAsync(Task.WhenAny(written.Task, _process.WaitForExitAsync(Cancel)), $"write '{text}'");
        Assert.True(written.Task.IsCompleted, $"{_name} ended without writing '{text}': {AllOutput}");
    }

    /// <summary>Waits for the result, or fails if the program ends before.</summary>
    public async Task<T> UnlessItEndsAsync<T>(Task<T> result)
    {
        if (await Task.WhenAny(result, _process.WaitForExitAsync(Cancel)) != result)
            throw new InvalidOperationException($"{_name} ended: {AllOutput}");
        return await result;
    }

    /// <summary>Waits for its end by itself.</summary>
    public async Task<int> ExitCodeAsync()
    {
        await WithinLimitAsync(_process.WaitForExitAsync(Cancel), "end");
        return _process.ExitCode;
    }

    /// <summary>Asks it to stop, as Ctrl-C and every container platform do.</summary>
    public void Terminate() => Signal("TERM");

    /// <summary>Sends a signal, for example <c>STOP</c>.</summary>
    public void Signal(string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", $"{_process.Id}"]);
        kill.WaitForExit();
    }

    /// <summary>Ends it as a crash does: nothing of its own code runs any more.</summary>
    public void Kill()
    {
        if (!_process.HasExited)
            _process.Kill(_killsTree);
    }

    /// <inheritdoc cref="Kill"/>
    public async Task KillAsync()
    {
        Kill();
        await _process.WaitForExitAsync(Cancel);
    }

    public async ValueTask DisposeAsync()
    {
        Kill();
        await _process.WaitForExitAsync(CancellationToken.None);
        _process.Dispose();
    }

    private async Task WithinLimitAsync(Task task, string what)
    {
        try
        {
            await task.WaitAsync(MaxWait, Cancel);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"{_name} did not {what} within {MaxWait.TotalSeconds} s: {AllOutput}");
        }
    }

    private void Read(string? line, StringBuilder text, Action<string>? onLine)
    {
        if (line is null)
        {
            if (text == _output)
                _lines.Writer.TryComplete();
            return;
        }

        lock (_lock)
        {
            text.AppendLine(line);
            _all.AppendLine(line);
            foreach (var (awaited, written) in _awaited.Where(entry => line.Contains(entry.Text, StringComparison.Ordinal)))
                written.TrySetResult();
        }

        if (text == _output)
            _lines.Writer.TryWrite(line);
        onLine?.Invoke(line);
    }

    private string Text(StringBuilder text)
    {
        lock (_lock)
            return text.ToString();
    }
}
