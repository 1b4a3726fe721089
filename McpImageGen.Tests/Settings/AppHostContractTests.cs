using System.Net;
using MassTransit;
using McpImageGen.GenerationWorker;
using McpImageGen.Jobs.Bus;
using McpImageGen.Jobs.Database.Postgres;
using McpImageGen.Jobs.Images;
using McpImageGen.Jobs.Signals;
using McpImageGen.McpApi;
using McpImageGen.McpApi.Auth;
using McpImageGen.Tests.Testing;
using McpImageGen.WorkersAiEmulator;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace McpImageGen.Tests.Settings;

/// <summary>The AppHost sets what the services read: a rename on one side alone fails here.</summary>
public sealed class AppHostContractTests
{
    private static readonly Dictionary<string, string> Servers = new()
    {
        ["jobs"] = "Host=localhost;Username=jobs;Password=jobs;Database=jobs",
        ["messaging"] = "amqp://guest:guest@localhost:5672",
        ["redis"] = "localhost:6379",
        ["images"] = "Endpoint=http://localhost:9000;AccessKey=key;SecretKey=secret;Bucket=images",
    };

    [Fact]
    public void AppHost_sets_every_connection_string_that_the_services_require() => AddServers(AppHostSource.ConnectionNames);

    [Fact]
    public void Each_connection_string_set_by_the_AppHost_is_required()
    {
        Assert.NotEmpty(AppHostSource.ConnectionNames);
        Assert.All(AppHostSource.ConnectionNames, name =>
        {
            var exception = Assert.Throws<OptionsValidationException>(() => AddServers(AppHostSource.ConnectionNames.Except([name])));
            Assert.Contains($"ConnectionStrings__{name}", exception.Message, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void Each_setting_set_by_the_AppHost_is_read_by_a_service()
    {
        Assert.NotEmpty(AppHostSource.EnvironmentKeys);
        Assert.Empty(AppHostSource.EnvironmentKeys.Except(SettingsThatAreRead()));
    }

    [Theory]
    [InlineData("AUTH_TOKEN")]
    [InlineData("WorkersAi__AccountId")]
    [InlineData("WorkersAi__ApiToken")]
    public void AppHost_sets_every_other_required_setting(string setting) => Assert.Contains(setting, AppHostSource.EnvironmentKeys);

    [Fact]
    public void Worker_scaling_uses_the_queue_of_the_workers()
    {
        Assert.Equal(GenerationQueue.Name, AppHostSource.ScaledQueue);
        Assert.Equal($"ConnectionStrings__{RabbitMqSetup.ConnectionName}".Replace('_', '-').ToLowerInvariant(), AppHostSource.BrokerSecret);
    }

    [Fact]
    public void Grace_period_of_the_worker_exceeds_its_shutdown_timeouts()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection([new("WorkersAi:AccountId", "account"), new("WorkersAi:ApiToken", "token")]);
        builder.AddGenerationWorker();
        using var services = builder.Services.BuildServiceProvider();

        Assert.True(AppHostSource.WorkerGrace > services.GetRequiredService<IOptions<HostOptions>>().Value.ShutdownTimeout);
        Assert.True(AppHostSource.WorkerGrace > services.GetRequiredService<IOptions<MassTransitHostOptions>>().Value.StopTimeout);
    }

    [Fact]
    public async Task Dashboard_links_open_existing_pages()
    {
        await using var server = await RunningStandalone.StartAsync();

        Assert.Equal(["/", "/gallery"], AppHostSource.Pages);
        foreach (var page in AppHostSource.Pages)
        {
            using var response = await server.Http.GetAsync(page, TestContext.Current.CancellationToken);
            Assert.Equal((HttpStatusCode.OK, "text/html"), (response.StatusCode, response.Content.Headers.ContentType?.MediaType));
        }
    }

    /// <summary>Adds the four servers as both services do, with only these connections set.</summary>
    private static void AddServers(IEnumerable<string> connections)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection(
            connections.Select(name => KeyValuePair.Create($"ConnectionStrings:{name}", Servers.GetValueOrDefault(name))));
        builder.AddPostgresJobs();
        builder.AddS3Images();
        builder.AddRedisJobSignals();
        builder.AddRabbitMqBus();
    }

    private static IEnumerable<string> SettingsThatAreRead()
    {
        Type[] ofServices = [typeof(McpApiSetup), typeof(GenerationWorkerSetup), typeof(RabbitMqSetup), typeof(EmulatorOptions)];
        var sections = ofServices.SelectMany(type => type.Assembly.GetTypes())
            .Select(type => (Type: type, Section: type.GetField("Section")?.GetRawConstantValue() as string))
            .Where(options => options.Section is not null);
        return sections
            .SelectMany(options => options.Type.GetProperties()
                .Where(property => property.CanWrite)
                .Select(property => $"{options.Section}__{property.Name}"))
            .Append(AuthOptions.TokenSetting);
    }
}
