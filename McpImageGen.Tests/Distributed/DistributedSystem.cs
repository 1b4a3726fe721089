using McpImageGen.Tests.Containers;
using McpImageGen.Tests.Testing;

namespace McpImageGen.Tests.Distributed;

/// <summary>The whole system on real servers: two APIs, three workers and the emulator, each a process of its own.</summary>
public sealed class DistributedSystem(Servers servers) : IAsyncDisposable
{
    public const string Token = "distributed";

    private readonly Dictionary<(string Service, int Index), Dictionary<string, string>> _ownSettings = [];
    private ServiceProcess? _emulator;
    private Task? _prepared;
    private Task? _started;

    /// <summary>The server of the jobs' database.</summary>
    public PostgresServer Postgres { get; init; } = servers.Postgres;

    /// <summary>The environment of every process; a test changes it before the start.</summary>
    public Dictionary<string, string> Settings { get; } = new()
    {
        ["AUTH_TOKEN"] = Token,
        ["WorkersAi__AccountId"] = "emulator",
        ["WorkersAi__ApiToken"] = "emulator",
        ["WorkersAi__RequestsPerMinute"] = "0",
        ["Worker__DrainFor"] = "00:00:05",
        ["Emulator__Latency"] = "00:00:00.200",
    };

    public ServiceProcess[] Apis { get; private set; } = [];

    public ServiceProcess[] Workers { get; private set; } = [];

    public IEnumerable<ServiceProcess> Services => Apis.Concat(Workers);

    public EmulatorClient Emulator => new(_emulator!.Http);

    /// <summary>The virtual host of this system, as an amqp:// address.</summary>
    public string Broker => Settings["ConnectionStrings__messaging"];

    public JobsTable Jobs => new(Settings["ConnectionStrings__jobs"]);

    /// <summary>What differs from <see cref="Settings"/> for one API ("McpApi") or worker ("GenerationWorker").</summary>
    public Dictionary<string, string> SettingsOf(string service, int index)
    {
        if (!_ownSettings.TryGetValue((service, index), out var settings))
            _ownSettings.Add((service, index), settings = []);
        return settings;
    }

    public FetchClient Client(int api, string token = Token) => new(Apis[api].Http, token);

    /// <summary>Starts it when the first test asks for it; without Docker that test is skipped.</summary>
    public Task StartedAsync(int apis = 2, int workers = 3) => _started ??= StartAsync(apis, workers);

    /// <summary>Starts another worker in the place of one that has ended.</summary>
    public async Task RestartWorkerAsync(int worker)
    {
        await Workers[worker].DisposeAsync();
        Workers[worker] = StartWorker(worker);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var service in Services.Append(_emulator).OfType<ServiceProcess>())
            await service.DisposeAsync();
    }

    /// <summary>Gives the system its place on the servers, and the emulator; no service of it runs yet.</summary>
    public Task PreparedAsync() => _prepared ??= PrepareAsync();

    public void StartServices(int apis = 2, int workers = 3)
    {
        Apis = [.. Enumerable.Range(0, apis).Select(StartApi)];
        Workers = [.. Enumerable.Range(0, workers).Select(StartWorker)];
    }

    public Task HealthyAsync() => Task.WhenAll(Services.Append(_emulator!).Select(service => service.HealthyAsync()));

    private async Task PrepareAsync()
    {
        ContainerSettings.RequireDocker();
        await servers.StartAsync();
        _emulator = ServiceProcess.Start("WorkersAiEmulator", Settings);
        Settings["ConnectionStrings__jobs"] = await Postgres.NewDatabaseAsync();
        Settings["ConnectionStrings__messaging"] = await servers.RabbitMq.NewVirtualHostAsync();
        Settings["ConnectionStrings__redis"] = await servers.Redis.NewDatabaseAsync();
        Settings["ConnectionStrings__images"] = await servers.S3.NewBucketAsync();
        Settings["WorkersAi__BaseUrl"] = new Uri(_emulator.Http.BaseAddress!, "/client/v4/").AbsoluteUri;
    }

    private async Task StartAsync(int apis, int workers)
    {
        await PreparedAsync();
        StartServices(apis, workers);
        await HealthyAsync();
    }

    private ServiceProcess StartApi(int index) => StartService("McpApi", index);

    private ServiceProcess StartWorker(int index) => StartService("GenerationWorker", index);

    private ServiceProcess StartService(string service, int index)
    {
        var settings = new Dictionary<string, string>(Settings);
        foreach (var (name, value) in SettingsOf(service, index))
            settings[name] = value;
        return ServiceProcess.Start(service, settings);
    }
}
