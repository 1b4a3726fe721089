using McpImageGen.Tests.Containers;
using McpImageGen.Tests.Testing;

namespace McpImageGen.Tests.Distributed;

/// <summary>The whole system on real servers: two APIs, three workers and the emulator, each a process of its own.</summary>
public sealed class DistributedSystem(Servers servers) : IAsyncDisposable
{
    public const string Token = "distributed";

    private ServiceProcess? _emulator;
    private Task? _started;
    private Dictionary<string, string> _settings = [];

    /// <summary>Settings of the APIs and workers beside those that all tests have; set before the start.</summary>
    public Dictionary<string, string> Settings { get; } = [];

    public HttpClient Emulator => _emulator!.Http;

    public ServiceProcess[] Apis { get; private set; } = [];

    public ServiceProcess[] Workers { get; private set; } = [];

    public SeedClient Client(int api) => new(Apis[api].Http, Token);

    /// <summary>Starts it when the first test asks for it; without Docker that test is skipped.</summary>
    public Task StartedAsync()
    {
        ContainerSettings.RequireDocker();
        return _started ??= StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var service in Apis.Concat(Workers).Append(_emulator).OfType<ServiceProcess>())
            await service.DisposeAsync();
    }

    private async Task StartAsync()
    {
        await servers.StartAsync();
        _emulator = ServiceProcess.Start("WorkersAiEmulator", new() { ["Emulator__Latency"] = "00:00:00.200" });
        _settings = new()
        {
            ["ConnectionStrings__jobs"] = await servers.Postgres.NewDatabaseAsync(),
            ["ConnectionStrings__messaging"] = await servers.RabbitMq.NewVirtualHostAsync(),
            ["ConnectionStrings__redis"] = await servers.Redis.NewDatabaseAsync(),
            ["ConnectionStrings__images"] = await servers.S3.NewBucketAsync(),
            ["AUTH_TOKEN"] = Token,
            ["WorkersAi__AccountId"] = "emulator",
            ["WorkersAi__ApiToken"] = "emulator",
            ["WorkersAi__BaseUrl"] = new Uri(_emulator.Http.BaseAddress!, "/client/v4/").AbsoluteUri,
            ["WorkersAi__RequestsPerMinute"] = "0",
            ["Worker__DrainFor"] = "00:00:05",
        };
        foreach (var (name, value) in Settings)
            _settings[name] = value;
        Apis = [StartApi(), StartApi()];
        Workers = [StartWorker(), StartWorker(), StartWorker()];
        await Task.WhenAll([_emulator.HealthyAsync(), .. Apis.Concat(Workers).Select(service => service.HealthyAsync())]);
    }

    private ServiceProcess StartApi() => ServiceProcess.Start("McpApi", _settings);

    private ServiceProcess StartWorker() => ServiceProcess.Start("GenerationWorker", _settings);
}
