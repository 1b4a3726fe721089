#pragma warning disable ASPIRECERTIFICATES001 // marked experimental
using Aspire.Hosting.ApplicationModel;

namespace McpImageGen.Tests.AppHost;

public sealed class RunTests
{
    private static readonly string[] Servers = ["images", "jobs", "messaging", "redis"];

    [Fact]
    public async Task The_system_is_two_services_four_servers_and_the_emulator()
    {
        await using var model = await SystemModel.RunAsync();

        Assert.Equal(
            ["generation-worker", "images", "jobs", "mcp-api", "messaging", "minio", "postgres", "redis", "workers-ai-emulator"],
            model.Names);
    }

    [Theory]
    [InlineData("mcp-api")]
    [InlineData("generation-worker")]
    public async Task A_service_is_told_its_four_servers_and_waits_for_them(string service)
    {
        await using var model = await SystemModel.RunAsync();

        var environment = await model.EnvironmentOfAsync(service);

        Assert.Equal(
            Servers.Select(server => $"ConnectionStrings__{server}"),
            environment.Keys.Where(key => key.StartsWith("ConnectionStrings__", StringComparison.Ordinal)).Order());
        Assert.Subset(model.WaitsOf(service).ToHashSet(), Servers.ToHashSet());
    }

    [Fact]
    public async Task Three_workers_run_unless_told_otherwise()
    {
        await using var model = await SystemModel.RunAsync();
        await using var larger = await SystemModel.RunAsync("--Parameters:worker-replicas=5", "--Parameters:worker-concurrency=8");

        Assert.Equal(3, model.Find("generation-worker").GetReplicaCount());
        Assert.Equal(5, larger.Find("generation-worker").GetReplicaCount());
        Assert.Equal("8", await ValueOfAsync(larger, "worker-concurrency"));
    }

    [Fact]
    public async Task Without_credentials_workers_ask_the_emulator_without_a_limit()
    {
        await using var model = await SystemModel.RunAsync("--Parameters:emulator-latency=00:00:02");

        var environment = await model.EnvironmentOfAsync("generation-worker");

        Assert.Contains("WorkersAi__BaseUrl", environment.Keys);
        Assert.Equal("0", environment["WorkersAi__RequestsPerMinute"]);
        Assert.Contains("workers-ai-emulator", model.WaitsOf("generation-worker"));
        Assert.Equal("00:00:02", await ValueOfAsync(model, "emulator-latency"));
    }

    [Fact]
    public async Task With_credentials_workers_ask_Cloudflare()
    {
        await using var model = await SystemModel.RunAsync(SystemModel.Credentials);

        var environment = await model.EnvironmentOfAsync("generation-worker");

        Assert.DoesNotContain("workers-ai-emulator", model.Names);
        Assert.DoesNotContain("WorkersAi__BaseUrl", environment.Keys);
        Assert.Equal("token", await ValueOfAsync(model, "cloudflare-api-token"));
    }

    [Fact]
    public async Task Servers_that_are_given_need_no_container()
    {
        await using var model = await SystemModel.RunAsync(
            "--ConnectionStrings:jobs=Host=db", "--ConnectionStrings:messaging=amqp://broker", "--ConnectionStrings:redis=cache:6379",
            "--ConnectionStrings:images=Endpoint=http://s3;AccessKey=a;SecretKey=b;Bucket=images");

        Assert.Equal(["generation-worker", "mcp-api", "workers-ai-emulator"], model.Names);
        Assert.Contains("ConnectionStrings__jobs", (await model.EnvironmentOfAsync("mcp-api")).Keys);
    }

    [Theory]
    [InlineData("postgres", "mcpimagegen-postgres-data")]
    [InlineData("messaging", "mcpimagegen-rabbitmq-data")]
    [InlineData("minio", "mcpimagegen-minio-data")]
    public async Task Data_outlives_a_restart(string server, string volume)
    {
        await using var model = await SystemModel.RunAsync();

        Assert.Contains(volume, model.Find(server).Annotations.OfType<ContainerMountAnnotation>().Select(mount => mount.Source));
    }

    [Fact]
    public async Task The_dashboard_can_ask_for_a_test_image()
    {
        await using var model = await SystemModel.RunAsync();

        Assert.Contains(
            "Generate a test image",
            model.Find("mcp-api").Annotations.OfType<ResourceCommandAnnotation>().Select(command => command.DisplayName));
    }

    [Fact]
    public async Task Nothing_needs_a_development_certificate()
    {
        await using var model = await SystemModel.RunAsync();

        Assert.All(model.Resources, resource =>
        {
            Assert.DoesNotContain(resource.Annotations.OfType<EndpointAnnotation>(), endpoint => endpoint.UriScheme == "https");
            if (resource.Annotations.OfType<HttpsCertificateConfigurationCallbackAnnotation>().Any())
                Assert.False(resource.Annotations.OfType<HttpsCertificateAnnotation>().Last().UseDeveloperCertificate, resource.Name);
        });
    }

    [Fact]
    public async Task The_port_of_the_API_can_be_chosen()
    {
        await using var model = await SystemModel.RunAsync("--Parameters:api-port=8080");

        Assert.Equal(8080, model.Find("mcp-api").Annotations.OfType<EndpointAnnotation>().Single().Port);
    }

    private static async Task<string?> ValueOfAsync(SystemModel model, string parameter) =>
        await ((ParameterResource)model.Find(parameter)).GetValueAsync(TestContext.Current.CancellationToken);
}
