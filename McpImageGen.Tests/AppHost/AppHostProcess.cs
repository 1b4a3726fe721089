using McpImageGen.Tests.Testing;

namespace McpImageGen.Tests.AppHost;

/// <summary>
/// The AppHost as the process that <c>dotnet run</c> starts, on ports of its own. Its servers are given, and nobody listens there: unless a test sets
/// it otherwise, it runs no container and no service.
/// </summary>
internal sealed class AppHostProcess : IAsyncDisposable
{
    public const string Password = "s3cretOfTheTest";

    private readonly ChildProcess _process;

    private AppHostProcess(IEnumerable<KeyValuePair<string, string>> settings)
    {
        var start = ChildProcess.Dotnet("AppHost", [], settings);
        start.FileName = Dotnet;
        start.ArgumentList[0] = Path.Combine(OwnFolder, "McpImageGen.AppHost.dll");

        // Aspire's own processes notice that it is gone and end, too.
        _process = new ChildProcess(start);
    }

    public string Output => _process.Output;

    /// <summary>What it wrote to the standard error.</summary>
    public string Errors => _process.Errors;

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

    /// <inheritdoc cref="ChildProcess.ExitCodeAsync"/>
    public Task<int> ExitCodeAsync() => _process.ExitCodeAsync();

    /// <inheritdoc cref="ChildProcess.UntilWrittenAsync"/>
    public Task UntilWrittenAsync(string text) => _process.UntilWrittenAsync(text);

    /// <inheritdoc cref="ChildProcess.Terminate"/>
    public void Terminate() => _process.Terminate();

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private static string AnyAddress() => $"http://localhost:{FreePort.Next()}";
}
