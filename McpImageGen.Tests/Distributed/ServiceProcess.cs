using System.Net;
using System.Text.Json;
using McpImageGen.Tests.Testing;

namespace McpImageGen.Tests.Distributed;

/// <summary>One service of the distributed system as the process that operators start, on a free port.</summary>
public sealed class ServiceProcess : IAsyncDisposable
{
    private static readonly TimeSpan MaxStartTime = TimeSpan.FromSeconds(120);

    private readonly ChildProcess _process;

    private ServiceProcess(string service, Dictionary<string, string> settings)
    {
        Http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{FreePort.Next()}"), Timeout = TimeSpan.FromMinutes(2) };
        var start = ChildProcess.Dotnet(service, [], settings);
        start.Environment["ASPNETCORE_URLS"] = Http.BaseAddress.AbsoluteUri;
        _process = new ChildProcess(start);
    }

    public HttpClient Http { get; }

    public int Id => _process.Id;

    public string Output => _process.AllOutput;

    public static ServiceProcess Start(string service, Dictionary<string, string> settings) => new(service, settings);

    /// <summary>Waits until the service answers, whatever it says.</summary>
    public Task ListeningAsync() => UntilAnswerAsync("/alive", "begin to listen");

    /// <summary>Waits until the service says that it and all it needs are there.</summary>
    public Task HealthyAsync() => UntilAnswerAsync("/health", "get healthy");

    /// <summary>Asks until the service says that it is so: what it says of the broker's queues may be some seconds old.</summary>
    public Task<(HttpStatusCode Code, JsonElement Body)> UntilAsync(string status) =>
        Until.HoldsAsync(AskHealthAsync, health => health.Body.GetProperty("status").GetString() == status, $"the service is {status}");

    /// <summary>Asks until the service is unhealthy because of this check: another check may notice the same fault sooner.</summary>
    public Task<(HttpStatusCode Code, JsonElement Body)> UntilUnhealthyAsync(string check) => Until.HoldsAsync(
        () => UntilAsync("unhealthy"), health => health.Body.GetProperty("checks").GetProperty(check).GetString() == "unhealthy", $"the check {check} is unhealthy");

    public void Kill() => _process.Kill();

    /// <inheritdoc cref="ChildProcess.Terminate"/>
    public void Terminate() => _process.Terminate();

    /// <summary>Lets it do nothing, with all connections open, until <see cref="Unfreeze"/>.</summary>
    public void Freeze() => _process.Signal("STOP");

    public void Unfreeze() => _process.Signal("CONT");

    /// <inheritdoc cref="ChildProcess.ExitCodeAsync"/>
    public Task<int> ExitCodeAsync() => _process.ExitCodeAsync();

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _process.DisposeAsync();
    }

    private async Task UntilAnswerAsync(string path, string what)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(MaxStartTime);
        while (!await AnswersAsync(path, limit.Token))
        {
            if (!_process.IsRunning || limit.IsCancellationRequested)
                throw new InvalidOperationException($"The service did not {what}: {Output}");
            await Task.Delay(TimeSpan.FromMilliseconds(200), TestContext.Current.CancellationToken);
        }
    }

    private async Task<bool> AnswersAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await Http.GetAsync(path, cancellationToken);
            return response.IsSuccessStatusCode;
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException)
        {
            return false;
        }
    }

    private async Task<(HttpStatusCode Code, JsonElement Body)> AskHealthAsync()
    {
        using var response = await Http.GetAsync("/health", TestContext.Current.CancellationToken);
        return (response.StatusCode, JsonElement.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)));
    }
}
