using System.Diagnostics;
using System.Text;
using McpImageGen.Tests.Testing;

namespace McpImageGen.Tests.AppHost;

/// <summary>
/// The AppHost as the process that <c>dotnet run</c> starts, on ports of its own. Its servers are given, and nobody listens there: unless a test sets
/// it otherwise, it runs no container and no service.
/// </summary>
internal sealed class AppHostProcess : IAsyncDisposable
{
    public const string Password = "s3cretOfTheTest";

    private static readonly TimeSpan MaxWait = TimeSpan.FromMinutes(3);

    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _errors = new();
    private readonly List<(string Text, TaskCompletionSource Said)> _awaited = [];

    private AppHostProcess(IEnumerable<KeyValuePair<string, string>> settings)
    {
        var start = new ProcessStartInfo(Dotnet, [Path.Combine(OwnFolder, "McpImageGen.AppHost.dll")])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in settings)
            start.Environment[name] = value;
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Read(_output, line.Data);
        _process.ErrorDataReceived += (_, line) => Read(_errors, line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public string Output => Text(_output);

    /// <summary>What it wrote to the standard error.</summary>
    public string Errors => Text(_errors);

    /// <summary>Where it is built: beside the tests lie other versions of its packages.</summary>
    private static string OwnFolder => AppContext.BaseDirectory.Replace("McpImageGen.Tests", "McpImageGen.AppHost", StringComparison.Ordinal);

    private static string Dotnet =>
        Environment.GetEnvironmentVariable("PATH")!.Split(Path.PathSeparator).Select(folder => Path.Combine(folder, "dotnet")).First(File.Exists);

    /// <summary>Starts it with further settings in the environment; an empty one counts as not set.</summary>
    public static AppHostProcess Start(params IEnumerable<(string Name, string Value)> settings)
    {
        Dictionary<string, string> all = new()
        {
            // Not Development: the secrets of the user who runs the tests are not read.
            ["DOTNET_ENVIRONMENT"] = "Production",
            ["ASPNETCORE_ENVIRONMENT"] = "Production",
            ["ASPIRE_ALLOW_UNSECURED_TRANSPORT"] = "true",
            ["ASPNETCORE_URLS"] = AnyAddress(),
            ["ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL"] = AnyAddress(),
            ["ASPIRE_RESOURCE_SERVICE_ENDPOINT_URL"] = AnyAddress(),
            ["Parameters__api_port"] = $"{FreePort.Next()}",
            ["Parameters__auth_token"] = Password,
            ["Parameters__redis_password"] = Password,
            ["Parameters__cloudflare_account_id"] = "account",
            ["Parameters__cloudflare_api_token"] = Password,
            ["ConnectionStrings__jobs"] = $"Host=127.0.0.1;Port={FreePort.Next()};Username=jobs;Password={Password};Database=jobs",
            ["ConnectionStrings__messaging"] = $"amqp://jobs:{Password}@127.0.0.1:{FreePort.Next()}",
            ["ConnectionStrings__redis"] = $"127.0.0.1:{FreePort.Next()},password={Password}",
            ["ConnectionStrings__images"] = $"Endpoint=http://127.0.0.1:{FreePort.Next()};AccessKey=key;SecretKey={Password};Bucket=images",
        };
        foreach (var (name, value) in settings)
            all[name] = value;
        return new AppHostProcess(all);
    }

    /// <summary>Waits for its end by itself.</summary>
    public async Task<int> ExitCodeAsync()
    {
        await WithinLimitAsync(_process.WaitForExitAsync(TestContext.Current.CancellationToken), "end");
        return _process.ExitCode;
    }

    /// <summary>Waits until it has written the text.</summary>
    public async Task SaysAsync(string text)
    {
        var said = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_output)
        {
            _awaited.Add((text, said));
            if (_output.ToString().Contains(text, StringComparison.Ordinal))
                said.SetResult();
        }

        var ended = _process.WaitForExitAsync(TestContext.Current.CancellationToken);
        await WithinLimitAsync(Task.WhenAny(said.Task, ended), $"say '{text}'");
        Assert.True(said.Task.IsCompleted, $"The AppHost ended without saying '{text}': {Output}{Errors}");
    }

    /// <summary>Asks it to stop, as Ctrl-C does.</summary>
    public void Terminate()
    {
        using var kill = Process.Start("kill", ["-TERM", $"{_process.Id}"]);
        kill.WaitForExit();
    }

    public async ValueTask DisposeAsync()
    {
        // Aspire's own processes notice that it is gone and end, too.
        if (!_process.HasExited)
            _process.Kill();
        await _process.WaitForExitAsync(CancellationToken.None);
        _process.Dispose();
    }

    private static string AnyAddress() => $"http://localhost:{FreePort.Next()}";

    private async Task WithinLimitAsync(Task task, string what)
    {
        try
        {
            await task.WaitAsync(MaxWait, TestContext.Current.CancellationToken);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"The AppHost did not {what} within {MaxWait.TotalSeconds} s: {Output}{Errors}");
        }
    }

    private void Read(StringBuilder text, string? line)
    {
        if (line is null)
            return;
        lock (_output)
        {
            text.AppendLine(line);
            foreach (var (awaited, said) in _awaited)
            {
                if (line.Contains(awaited, StringComparison.Ordinal))
                    said.TrySetResult();
            }
        }
    }

    private string Text(StringBuilder text)
    {
        lock (_output)
            return text.ToString();
    }
}
