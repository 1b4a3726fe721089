using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace McpImageGen.Benchmarks;

/// <summary>
/// Runs <c>dotnet run --no-build --project McpImageGen.AppHost</c> from the solution's folder, on separate volumes that are removed afterwards.
/// Servers run from the images of the container tests if <c>TEST_IMAGES__…</c> is set.
/// </summary>
internal sealed partial class AppHostProcess : IAsyncDisposable
{
    private const string Project = "McpImageGen.AppHost";
    private const string VolumePrefix = "mcpimagegen-benchmark";
    private const int Workers = 3;

    private static readonly string[] Parts =
        ["postgres", "jobs", "messaging", "redis", "minio", "images", "workers-ai-emulator", "mcp-api", "generation-worker"];

    private static readonly TimeSpan MaxStartTime = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(200);

    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly HashSet<string> _missing = [.. Parts];
    private readonly TaskCompletionSource _healthy = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private AppHostProcess(Process process)
    {
        _process = process;
        _process.OutputDataReceived += (_, line) => Read(line.Data);
        _process.ErrorDataReceived += (_, line) => Read(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public HttpClient Http { get; } = ToolCall.NewClient("http://localhost:5280");

    /// <summary>Builds the AppHost, so that the build is not part of the start time.</summary>
    public static async Task BuildAsync()
    {
        if (!Directory.Exists(Project))
            throw new InvalidOperationException("Run this benchmark from the solution's folder.");
        await RunAsync("dotnet", "build", Project, "--nologo", "--verbosity", "quiet");
    }

    /// <summary>Starts the AppHost with this emulator latency.</summary>
    public static AppHostProcess Start(TimeSpan latency)
    {
        string[] settings =
        [
            $"--Parameters:emulator-latency={latency}", $"--Parameters:volume-prefix={VolumePrefix}", $"--Parameters:worker-replicas={Workers}",
            "--Parameters:cloudflare-account-id=", "--Parameters:cloudflare-api-token=",
            $"--Parameters:auth-token={ToolCall.Token}", "--Parameters:postgres-password=benchmark", "--Parameters:jobs-password=benchmark", "--Parameters:messaging-password=benchmark",
            "--Parameters:redis-password=benchmark", "--Parameters:minio-password=benchmark",
            "--AppHost:OtlpApiKey=benchmark", "--AppHost:DashboardApiKey=benchmark", "--ASPIRE_VERSION_CHECK_DISABLED=true",
            "--Logging:LogLevel:Aspire.Hosting.Health.ResourceHealthCheckService=Debug", // logs when a resource is ready
            .. ImageOf("postgres", "POSTGRES"), .. ImageOf("rabbitmq", "RABBITMQ"), .. ImageOf("redis", "REDIS"), .. ImageOf("minio", "S3"),
        ];
        return new AppHostProcess(Process.Start(new ProcessStartInfo("dotnet", ["run", "--no-build", "--project", Project, "--", .. settings])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!);
    }

    /// <summary>Waits until each resource is healthy.</summary>
    public async Task HealthyAsync()
    {
        var ended = _process.WaitForExitAsync();
        var first = await Task.WhenAny(_healthy.Task, ended, Task.Delay(MaxStartTime));
        if (first == _healthy.Task)
            return;
        lock (_output)
        {
            throw new InvalidOperationException(string.Create(
                CultureInfo.InvariantCulture,
                $"The AppHost {(first == ended ? "stopped" : $"is not healthy after {MaxStartTime}")}; not ready: {string.Join(", ", _missing)}.\n{_output}"));
        }
    }

    /// <summary>Waits until the start page shows all workers: a resource is already healthy when its first replica is.</summary>
    public async Task WorkersSeenAsync()
    {
        while (WorkersSeen().Match(await Http.GetStringAsync("/")) is not { Success: true } seen || seen.Groups[1].Value != $"{Workers}")
            await Task.Delay(BetweenLooks);
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        if (!_process.HasExited)
            await RunAsync("kill", "-TERM", $"{_process.Id}"); // a graceful stop removes its containers
        await _process.WaitForExitAsync();
        _process.Dispose();
        await RunAsync("docker", ["volume", "rm", "--force", .. new[] { "postgres", "rabbitmq", "minio" }.Select(server => $"{VolumePrefix}-{server}-data")]);
    }

    private static IEnumerable<string> ImageOf(string parameter, string setting) =>
        Environment.GetEnvironmentVariable($"TEST_IMAGES__{setting}") is { Length: > 0 } image ? [$"--Parameters:{parameter}-image={image}"] : [];

    private static async Task RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} exited with code {process.ExitCode}: {output}");
    }

    private void Read(string? line)
    {
        if (line is null)
            return;
        lock (_output)
        {
            _output.AppendLine(line);
            if (Ready().Match(line) is { Success: true } ready && _missing.Remove(ready.Groups[1].Value) && _missing.Count == 0)
                _healthy.SetResult();
        }
    }

    [GeneratedRegex("Resource '(.+)' is ready")]
    private static partial Regex Ready();

    [GeneratedRegex(@"<dt>Active workers</dt><dd>(\d+)")]
    private static partial Regex WorkersSeen();
}
