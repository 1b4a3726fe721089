using System.Runtime.InteropServices;
using Docker.DotNet.Models;
using DotNet.Testcontainers.Builders;
using DotNet.Testcontainers.Configurations;
using DotNet.Testcontainers.Containers;
using McpImageGen.Tests.Containers;
using McpImageGen.Tests.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace McpImageGen.Tests.Distributed;

/// <summary>The services with the rights that published deployments give them: the user of .NET's images, no capabilities, and no writable folder but /tmp.</summary>
[Slow]
public sealed class LeastRightsTests(Servers servers)
{
    private const long Mebibyte = 1024 * 1024;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Services_generate_images_without_privileges_and_with_only_tmp_writable()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The services' files and .NET are mounted into a Linux container.");
        await using var system = new DistributedSystem(servers);
        await system.PreparedAsync();
        var address = new Uri($"http://127.0.0.1:{FreePort.Next()}");
        await using var api = await StartAsync("McpApi", address, system.Settings);
        await using var worker = await StartAsync("GenerationWorker", new Uri($"http://127.0.0.1:{FreePort.Next()}"), system.Settings);
        using var http = new HttpClient { BaseAddress = address, Timeout = TimeSpan.FromMinutes(2) };
        await Until.HoldsAsync(() => IsHealthyAsync(http), isHealthy => isHealthy, "the API is healthy");

        var done = await new FetchClient(http, DistributedSystem.Token).CallAsync("generate_image_and_wait", new { prompt = "a lighthouse" });

        Assert.True(done.Success, done.Raw);
        Assert.Contains("/images/", done.Raw, StringComparison.Ordinal);
        foreach (var service in new[] { api, worker })
        {
            var status = await service.ExecAsync(["cat", "/proc/1/status"], Cancel);
            Assert.Contains("Uid:\t1654\t1654", status.Stdout, StringComparison.Ordinal);
            Assert.Contains("CapEff:\t0000000000000000", status.Stdout, StringComparison.Ordinal);
            Assert.NotEqual(0, (await service.ExecAsync(["touch", "/app/file"], Cancel)).ExitCode);
        }
    }

    /// <summary>Any image that has what .NET needs; .NET and the service are mounted, as they are built here.</summary>
    private static async Task<IContainer> StartAsync(string service, Uri address, Dictionary<string, string> settings)
    {
        var dotnet = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));
        var container = new ContainerBuilder(ContainerSettings.Image("POSTGRES", "postgres:18"))
            .WithEntrypoint("/dotnet/dotnet")
            .WithCommand($"/app/McpImageGen.{service}.dll")
            .WithBindMount(dotnet, "/dotnet", AccessMode.ReadOnly)
            .WithBindMount(AppContext.BaseDirectory, "/app", AccessMode.ReadOnly)
            .WithTmpfsMount("/tmp")
            .WithWorkingDirectory("/app")
            .WithEnvironment(settings)
            .WithEnvironment("ASPNETCORE_URLS", address.AbsoluteUri)
            .WithCreateParameterModifier(Restrict)
            .WithLabel(ContainerSettings.RunLabel, ContainerSettings.Run)
            .WithLogger(NullLogger.Instance)
            .Build();
        await container.StartAsync(Cancel);
        return container;
    }

    private static void Restrict(CreateContainerParameters container)
    {
        container.User = "1654";
        var host = container.HostConfig ??= new HostConfig();
        host.ReadonlyRootfs = true;
        host.CapDrop = ["ALL"];
        host.SecurityOpt = ["no-new-privileges:true"];
        host.Memory = 1024 * Mebibyte;
        host.NanoCPUs = 2_000_000_000;
        host.NetworkMode = "host"; // the servers and the emulator have ports of this machine
    }

    private static async Task<bool> IsHealthyAsync(HttpClient http)
    {
        try
        {
            using var response = await http.GetAsync("/health", Cancel);
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
