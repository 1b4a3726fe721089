using Aspire.Hosting.ApplicationModel;
using McpImageGen.Tests.Testing;

#pragma warning disable ASPIRECERTIFICATES001 // marked experimental

namespace McpImageGen.Tests.AppHost;

[Slow]
public sealed class RunTests
{
    private static readonly string[] Servers = ["images", "jobs", "messaging", "redis"];

    [Fact]
    public async Task AppHost_model_contains_two_services_four_servers_and_the_emulator()
    {
        await using var model = await SystemModel.RunAsync();

        Assert.Equal(
            ["generation-worker", "images", "jobs", "mcp-api", "messaging", "minio", "postgres", "redis", "workers-ai-emulator"],
            model.Names);
    }

    [Theory]
    [InlineData("mcp-api")]
    [InlineData("generation-worker")]
    public async Task Service_gets_four_connection_strings_and_waits_for_these_servers(string service)
    {
        await using var model = await SystemModel.RunAsync();

        var environment = await model.EnvironmentOfAsync(service);

        Assert.Equal(
            Servers.Select(server => $"ConnectionStrings__{server}"),
            environment.Keys.Where(key => key.StartsWith("ConnectionStrings__", StringComparison.Ordinal)).Order());
        Assert.Subset(model.WaitsOf(service).ToHashSet(), Servers.ToHashSet());
    }

    [Fact]
    public async Task Number_of_workers_defaults_to_three_and_is_configurable()
    {
        await using var model = await SystemModel.RunAsync();
        await using var larger = await SystemModel.RunAsync("--Parameters:worker-replicas=5", "--Parameters:worker-concurrency=8");

        Assert.Equal(3, model.Find("generation-worker").GetReplicaCount());
        Assert.Equal(5, larger.Find("generation-worker").GetReplicaCount());
        Assert.Equal("8", await ValueOfAsync(larger, "worker-concurrency"));
    }

    [Fact]
    public async Task Without_credentials_workers_use_the_emulator_without_a_rate_limit()
    {
        await using var model = await SystemModel.RunAsync("--Parameters:emulator-latency=00:00:02");

        var environment = await model.EnvironmentOfAsync("generation-worker");

        Assert.Contains("WorkersAi__BaseUrl", environment.Keys);
        Assert.Equal("0", environment["WorkersAi__RequestsPerMinute"]);
        Assert.Contains("workers-ai-emulator", model.WaitsOf("generation-worker"));
        Assert.Equal("00:00:02", await ValueOfAsync(model, "emulator-latency"));
    }

    [Fact]
    public async Task With_credentials_workers_use_Cloudflare()
    {
        await using var model = await SystemModel.RunAsync(SystemModel.Credentials);

        var environment = await model.EnvironmentOfAsync("generation-worker");

        Assert.DoesNotContain("workers-ai-emulator", model.Names);
        Assert.DoesNotContain("WorkersAi__BaseUrl", environment.Keys);
        Assert.Equal("token", await ValueOfAsync(model, "cloudflare-api-token"));
    }

    [Fact]
    public async Task No_container_is_added_when_all_servers_are_external()
    {
        await using var model = await SystemModel.RunAsync(
            "--ConnectionStrings:jobs=Host=db", "--ConnectionStrings:messaging=amqp://broker", "--ConnectionStrings:redis=cache:6379",
            "--ConnectionStrings:images=Endpoint=http://s3;AccessKey=a;SecretKey=b;Bucket=images");

        Assert.Equal(["generation-worker", "mcp-api", "workers-ai-emulator"], model.Names);
        Assert.Contains("ConnectionStrings__jobs", (await model.EnvironmentOfAsync("mcp-api")).Keys);
    }

    [Theory]
    [InlineData("jobs", "Host=db", "postgres")]
    [InlineData("messaging", "amqp://broker", "messaging")]
    [InlineData("redis", "cache:6379", "redis")]
    [InlineData("images", "Endpoint=http://s3;AccessKey=a;SecretKey=b;Bucket=images", "minio")]
    public async Task No_container_is_added_for_an_external_server(string name, string connection, string container)
    {
        await using var model = await SystemModel.RunAsync($"--ConnectionStrings:{name}={connection}");

        string[] all = ["messaging", "minio", "postgres", "redis"];
        Assert.Equal(all.Except([container]), model.Names.Where(part => model.Find(part) is ContainerResource));
    }

    [Theory]
    [InlineData("postgres", "mcpimagegen-postgres-data")]
    [InlineData("messaging", "mcpimagegen-rabbitmq-data")]
    [InlineData("minio", "mcpimagegen-minio-data")]
    public async Task Server_stores_its_data_in_a_named_volume(string server, string volume)
    {
        await using var model = await SystemModel.RunAsync();

        Assert.Contains(volume, model.Find(server).Annotations.OfType<ContainerMountAnnotation>().Select(mount => mount.Source));
    }

    /// <summary>Aspire's manifest has no probes: its publishers take them from here.</summary>
    [Theory]
    [InlineData("mcp-api")]
    [InlineData("generation-worker")]
    public async Task Service_has_a_liveness_probe_and_a_readiness_probe(string service)
    {
        await using var model = await SystemModel.RunAsync();

        var probes = model.Find(service).Annotations.OfType<EndpointProbeAnnotation>();

        Assert.Equal(
            [(ProbeType.Liveness, "/alive", "http"), (ProbeType.Readiness, "/health", "http")],
            probes.Select(probe => (probe.Type, probe.Path, probe.EndpointReference.EndpointName)));
    }

    [Fact]
    public async Task Number_of_APIs_behind_one_address_defaults_to_two_and_is_configurable()
    {
        await using var model = await SystemModel.RunAsync();
        await using var smaller = await SystemModel.RunAsync("--Parameters:api-replicas=1");

        Assert.Equal(2, model.Find("mcp-api").GetReplicaCount());
        Assert.Equal(5280, Assert.Single(model.Find("mcp-api").Annotations.OfType<EndpointAnnotation>()).Port);
        Assert.Equal(1, smaller.Find("mcp-api").GetReplicaCount());
    }

    [Fact]
    public async Task Server_administration_tools_run_only_when_enabled()
    {
        await using var model = await SystemModel.RunAsync();
        await using var withTools = await SystemModel.RunAsync("--Parameters:with-tools=true");

        Assert.Equal(["jobs-as-superuser", "pgweb", "redisinsight"], withTools.Names.Except(model.Names));
        Assert.DoesNotContain("management", EndpointsOf(model, "messaging"));
        Assert.Contains("management", EndpointsOf(withTools, "messaging"));
    }

    [Theory]
    [InlineData]
    [InlineData("--Parameters:cloudflare-account-id=account", "--Parameters:cloudflare-api-token=token")]
    public async Task Every_parameter_has_a_description(params string[] args)
    {
        await using var model = await SystemModel.RunAsync(args);

        Assert.NotEmpty(model.Parameters);
        Assert.All(model.Parameters, parameter => Assert.False(string.IsNullOrEmpty(parameter.Description), parameter.Name));
    }

    [Fact]
    public async Task Missing_credentials_default_to_empty_values()
    {
        await using var model = await SystemModel.RunAsync();

        Assert.Equal("", await ValueOfAsync(model, "cloudflare-account-id"));
        Assert.Equal("", await ValueOfAsync(model, "cloudflare-api-token"));
    }

    [Theory]
    [InlineData("mcp-api", "generate-test-image")]
    [InlineData("messaging", "delete-dead-letters", "send-dead-letters-again", "show-dead-letters")]
    [InlineData("workers-ai-emulator", "clear-faults", "set-fault", "use-cloudflare")]
    public async Task Resource_has_its_dashboard_commands(string resource, params string[] commands)
    {
        await using var model = await SystemModel.RunAsync();

        Assert.Subset(model.CommandsOf(resource).ToHashSet(), commands.ToHashSet());
    }

    [Fact]
    public async Task Drain_command_exists_except_on_Windows()
    {
        await using var model = await SystemModel.RunAsync();

        Assert.Equal(!OperatingSystem.IsWindows(), model.CommandsOf("generation-worker").Contains("drain"));
    }

    [Fact]
    public async Task AppHost_announces_the_MCP_endpoint_of_the_API()
    {
        await using var model = await SystemModel.RunAsync();
        model.RunAt("mcp-api", new Uri("http://localhost:5280"));

        var api = (IResourceWithEndpoints)model.Find("mcp-api");
        var server = Assert.Single(api.Annotations.OfType<McpServerEndpointAnnotation>());

        Assert.Equal(new Uri("http://localhost:5280/mcp"), await server.EndpointUrlResolver(api, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task No_resource_requires_a_development_certificate()
    {
        await using var model = await SystemModel.RunAsync();

        Assert.All(model.Resources, resource =>
        {
            Assert.DoesNotContain(resource.Annotations.OfType<EndpointAnnotation>(), endpoint => endpoint.UriScheme == "https");
            if (resource.Annotations.OfType<HttpsCertificateConfigurationCallbackAnnotation>().Any())
                Assert.False(resource.Annotations.OfType<HttpsCertificateAnnotation>().Last().UseDeveloperCertificate, resource.Name);
        });
    }

    /// <summary>The manifest has it.</summary>
    [Fact]
    public async Task In_run_mode_the_API_trusts_no_proxy()
    {
        await using var model = await SystemModel.RunAsync();

        Assert.DoesNotContain("Proxy__Trusted", (await model.EnvironmentOfAsync("mcp-api")).Keys);
    }

    [Fact]
    public async Task Port_of_the_API_is_configurable()
    {
        await using var model = await SystemModel.RunAsync("--Parameters:api-port=8080");

        Assert.Equal(8080, model.Find("mcp-api").Annotations.OfType<EndpointAnnotation>().Single().Port);
    }

    private static IEnumerable<string> EndpointsOf(SystemModel model, string name) =>
        model.Find(name).Annotations.OfType<EndpointAnnotation>().Select(endpoint => endpoint.Name);

    private static async Task<string?> ValueOfAsync(SystemModel model, string parameter) =>
        await ((ParameterResource)model.Find(parameter)).GetValueAsync(TestContext.Current.CancellationToken);
}
