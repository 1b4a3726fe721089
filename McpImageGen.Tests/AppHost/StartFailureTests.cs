using System.Net;
using System.Net.Sockets;
using McpImageGen.Tests.Containers;
using McpImageGen.Tests.Testing;

namespace McpImageGen.Tests.AppHost;

/// <summary>What keeps the AppHost from starting is one line on the standard error that says what to do, and exit code 1.</summary>
[Slow]
public sealed class StartFailureTests
{
    [Theory]
    [InlineData("Parameters__worker_replicas", "0", "The parameter worker-replicas (Parameters__worker_replicas) is '0'; it must be an integer between 1 and 100.")]
    [InlineData("Parameters__worker_replicas", "1.5", "The parameter worker-replicas (Parameters__worker_replicas) is '1.5'; it must be an integer between 1 and 100.")]
    [InlineData("Parameters__worker_concurrency", "1001", "The parameter worker-concurrency (Parameters__worker_concurrency) is '1001'; it must be an integer between 1 and 1000.")]
    [InlineData("Parameters__api_replicas", "0", "The parameter api-replicas (Parameters__api_replicas) is '0'; it must be an integer between 1 and 100.")]
    [InlineData("Parameters__with_tools", "yes", "The parameter with-tools (Parameters__with_tools) is 'yes'; it must be true or false.")]
    [InlineData("Parameters__api_port", "70000", "The parameter api-port (Parameters__api_port) is '70000'; it must be an integer between 1 and 65535.")]
    [InlineData("Parameters__cloudflare_account_id", "", "The parameter cloudflare-account-id is not set, but cloudflare-api-token is. Set both for Cloudflare, or neither for the emulator.")]
    [InlineData("Parameters__cloudflare_api_token", "", "The parameter cloudflare-api-token is not set, but cloudflare-account-id is. Set both for Cloudflare, or neither for the emulator.")]
    [InlineData("ConnectionStrings__jobs", "s3cretOfTheTest", "ConnectionStrings__jobs is invalid. The form is Host=HOST;Username=USER;Password=PASSWORD;Database=DATABASE.")]
    [InlineData("ConnectionStrings__jobs", "Host=h;Port=s3cretOfTheTest", "ConnectionStrings__jobs is invalid. The form is Host=HOST;Username=USER;Password=PASSWORD;Database=DATABASE.")]
    [InlineData("ConnectionStrings__messaging", "http://s3cretOfTheTest@host", "ConnectionStrings__messaging is invalid. The form is amqp://USER:PASSWORD@HOST:5672.")]
    [InlineData("ConnectionStrings__redis", "host,s3cretOfTheTest=1", "ConnectionStrings__redis is invalid. The form is HOST:6379,password=PASSWORD.")]
    [InlineData("ConnectionStrings__images", "Endpoint=s3cretOfTheTest", "ConnectionStrings__images is invalid. The form is Endpoint=http://HOST:PORT;AccessKey=KEY;SecretKey=SECRET;Bucket=images.")]
    [InlineData("ASPNETCORE_URLS", "15280", "ASPNETCORE_URLS is '15280'; it must be an address such as http://localhost:15280.")]
    public Task Invalid_setting_ends_the_start_with_one_line_that_names_it(string setting, string value, string line) => EndsWithAsync(line, (setting, value));

    [Theory]
    [InlineData("abc")]
    [InlineData("00:10:01")]
    [InlineData("-00:00:01")]
    public Task Invalid_emulator_latency_ends_the_start_with_one_line_that_names_it(string latency) => EndsWithAsync(
        $"The parameter emulator-latency (Parameters__emulator_latency) is '{latency}'; it must be a time between 00:00:00 and 00:10:00.",
        ("Parameters__cloudflare_account_id", ""), ("Parameters__cloudflare_api_token", ""), ("Parameters__emulator_latency", latency));

    [Theory]
    [InlineData("ASPNETCORE_URLS", "http://localhost:", "the dashboard", "--ASPNETCORE_URLS=http://localhost:PORT")]
    [InlineData("ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL", "http://localhost:", "the dashboard", "--ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL=http://localhost:PORT")]
    [InlineData("ASPIRE_RESOURCE_SERVICE_ENDPOINT_URL", "http://localhost:", "the dashboard", "--ASPIRE_RESOURCE_SERVICE_ENDPOINT_URL=http://localhost:PORT")]
    [InlineData("Parameters__api_port", "", "mcp-api", "--Parameters:api-port=PORT")]
    public async Task Port_in_use_ends_the_start_with_one_line_that_names_it(string setting, string prefix, string owner, string otherwise)
    {
        using var other = new TcpListener(IPAddress.Loopback, FreePort.Next());
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;

        await EndsWithAsync(
            $"Port {port}, which {owner} needs, is in use by another program. Stop that program (possibly another AppHost), or choose another port "
            + $"by appending -- {otherwise} to the command.",
            (setting, $"{prefix}{port}"));
    }

    [Fact]
    public async Task Missing_Docker_ends_the_start_with_installation_instructions()
    {
        using var empty = new TemporaryFolder();

        await EndsWithAsync(
            "Container runtime 'docker' could not be found. See https://aka.ms/aspire/containers for more details on supported container runtimes. "
            + "Install and start Docker or Podman, or use existing servers: set ConnectionStrings__jobs, __messaging, __redis and __images.",
            ("ConnectionStrings__redis", ""), ("ASPIRE_CONTAINER_RUNTIME", "docker"), ("PATH", empty.Path));
    }

    [Fact]
    public async Task Docker_that_is_not_running_ends_the_start_with_a_message()
    {
        ContainerSettings.RequireDocker();

        await EndsWithAsync(
            "Container runtime 'docker' was found but appears to be unhealthy. Ensure that Docker is running",
            ("ConnectionStrings__redis", ""), ("ASPIRE_CONTAINER_RUNTIME", "docker"), ("DOCKER_HOST", $"tcp://127.0.0.1:{FreePort.Next()}"));
    }

    [Fact]
    public Task Unknown_publish_target_ends_the_start_with_one_line_that_names_it() =>
        EndsWithAsync("--deploy-to is 'nowhere'", ("AppHost__Operation", "publish"), ("deploy-to", "nowhere"));

    private static async Task EndsWithAsync(string line, params (string Name, string Value)[] settings)
    {
        await using var host = AppHostProcess.Start(settings);

        Assert.Equal(1, await host.ExitCodeAsync());
        Assert.StartsWith($"Cannot start: {line}", Assert.Single(host.Errors.Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
        Assert.DoesNotContain(AppHostProcess.Password, host.Output + host.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("fail:", host.Output, StringComparison.Ordinal);
    }
}
