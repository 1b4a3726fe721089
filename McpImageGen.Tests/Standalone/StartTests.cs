using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using McpImageGen.Tests.Testing;

namespace McpImageGen.Tests.Standalone;

/// <summary>What a user sees at the start: everything needed to connect, or one line that says why not.</summary>
[Slow]
public sealed class StartTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Start_message_shows_how_to_connect_and_the_image_source()
    {
        await using var server = StandaloneProcess.Start(_folder.Path);
        var client = await server.ReadyAsync();
        var mcp = new Uri(client.Http.BaseAddress!, "/mcp").AbsoluteUri;
        var token = (await File.ReadAllTextAsync(Path.Combine(_folder.Path, "token"), TestContext.Current.CancellationToken)).Trim();
        server.Terminate();
        await server.ExitCodeAsync();

        Assert.Contains($"claude mcp add --transport http image-generator {mcp} --header \"Authorization: Bearer {token}\"", server.Output, StringComparison.Ordinal);
        Assert.Contains("\"mcpServers\"", server.Output, StringComparison.Ordinal);
        Assert.Contains("\"servers\"", server.Output, StringComparison.Ordinal);
        Assert.Contains($"curl -s {mcp}", server.Output, StringComparison.Ordinal);
        Assert.Contains("SAMPLE IMAGES, NOT AI", server.Output, StringComparison.Ordinal);
        Assert.Contains(_folder.Path, server.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Generated_token_is_kept_in_a_file_that_only_its_user_can_read()
    {
        string first;
        await using (var server = StandaloneProcess.Start(_folder.Path))
            first = await TokenOfAsync(server);

        await using var again = StandaloneProcess.Start(_folder.Path);

        Assert.Equal($"kept in {Path.Combine(_folder.Path, "token")}", await TokenOfAsync(again));
        Assert.Equal(first, (await again.ReadyAsync()).Token);
        Assert.DoesNotContain(first, again.Output, StringComparison.Ordinal);
        Assert.Equal(48, first.Length);
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(_folder.Path, "token")));
    }

    [Fact]
    public async Task AUTH_TOKEN_replaces_the_generated_token()
    {
        await using var server = await RunningStandalone.StartAsync("--AUTH_TOKEN=my-own-token");

        Assert.Equal("my-own-token", server.Token);
        Assert.False(File.Exists(Path.Combine(server.DataFolder, "token")));
        Assert.True((await new FetchClient(server.Http, "my-own-token").CallAsync("list_jobs", new { })).Success);
    }

    [Fact]
    public async Task Configured_token_is_not_printed()
    {
        await using var server = StandaloneProcess.Start(_folder.Path, "--AUTH_TOKEN=my-own-token-of-the-settings");
        await server.ReadyAsync();
        server.Terminate();
        await server.ExitCodeAsync();

        Assert.Contains("Bearer token  the one in AUTH_TOKEN", server.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("my-own-token-of-the-settings", server.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_credentials_Cloudflare_is_used_instead_of_the_emulator()
    {
        await using var server = StandaloneProcess.Start(
            _folder.Path, "--WorkersAi:AccountId=account", "--WorkersAi:ApiToken=secret-token", "--WorkersAi:BaseUrl=http://127.0.0.1:9/");
        await server.ReadyAsync();
        server.Terminate();
        await server.ExitCodeAsync();

        Assert.Contains("Images from   Cloudflare Workers AI", server.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("secret-token", server.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--WorkersAi:AccountId=account", "WorkersAi__ApiToken is not set")]
    [InlineData("--WorkersAi:ApiToken=token", "WorkersAi__AccountId is not set")]
    [InlineData("--WorkersAi:BaseUrl=http://127.0.0.1:9/", "WorkersAi__BaseUrl is set, but WorkersAi__AccountId and WorkersAi__ApiToken are not.")]
    [InlineData("--Worker:Concurrency=0", "Worker__Concurrency must be between 1 and 1000.")]
    [InlineData("--Worker:Concurrency=many", "Failed to convert configuration value 'many' at 'Worker__Concurrency' to type 'System.Int32'.")]
    [InlineData("--Jobs:Lease=1", "Jobs__Lease must be between 00:00:10 and 01:00:00.")]
    [InlineData("--Jobs:Lease=00:01:00", "Jobs__Lease must be longer than WorkersAi__Timeout.")]
    [InlineData("--Jobs:UnfinishedPerOwner=19", "Jobs__UnfinishedPerOwner must be between 20 and 100000.")]
    [InlineData("--Emulator:Latency=-00:00:01", "Emulator__Latency")]
    [InlineData("--AllowedHosts=img.example.com:abc", "AllowedHosts must be host names such as img.example.com, *.example.com or img.example.com:8443, separated by semicolons; 'img.example.com:abc' is not valid.")]
    [InlineData("--AllowedHosts=https://img.example.com", "'https://img.example.com' is not valid.")]
    [InlineData("--Proxy:Trusted=proxy.example.com", "Proxy__Trusted must be IP addresses and networks such as 10.0.0.5 or 10.0.0.0/8, separated by commas, or 'private' or 'any'.")]
    [InlineData("--Proxy:BasePath=img", "Proxy__BasePath must be a path such as /img")]
    [InlineData("--Proxy:BasePath=//evil.example", "Proxy__BasePath must be a path such as /img")]
    [InlineData("--Proxy:BasePath=/Images/a", "Proxy__BasePath must not start with a path that the server itself uses:")]
    [InlineData("--Images:PublicBaseUrl=http://x/?y=1", "Images__PublicBaseUrl must be an absolute URL such as https://images.example.com.")]
    [InlineData("--Images:PublicBaseUrl=ftp://x/", "Images__PublicBaseUrl must be an absolute URL such as https://images.example.com.")]
    [InlineData("--Auth:Tokens:0:Owner=ann", "Set either Auth__Tokens__0__Token or Auth__Tokens__0__TokenSha256.")]
    [InlineData("--dta=x", "Unknown option '--dta=x'. Run with --help to list the options.")]
    [InlineData("--urls", "The option --urls requires a value.")]
    [InlineData("--urls=http://127.0.0.1:99999", "Cannot listen on http://127.0.0.1:99999: ")]
    [InlineData("--urls=http://192.0.2.1:80", "Cannot listen on http://192.0.2.1:80: ")]
    [InlineData("--urls=nonsense", "Cannot listen on nonsense: ")]
    public async Task Invalid_setting_exits_with_one_line_and_code_1(string argument, string line)
    {
        await using var server = StandaloneProcess.Start(_folder.Path, argument);

        Assert.Equal(1, await server.ExitCodeAsync());
        Assert.StartsWith("McpImageGen cannot start: ", server.Output, StringComparison.Ordinal);
        Assert.Contains(line, server.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("DataAnnotation", server.Output, StringComparison.Ordinal);
        Assert.Single(server.Output.Trim().Split('\n'));
    }

    /// <summary>In a home without a development certificate.</summary>
    [Fact]
    public async Task HTTPS_without_a_certificate_exits_with_one_line_and_code_1()
    {
        await using var server = StandaloneProcess.Start(
            _folder.Path, new Dictionary<string, string> { ["HOME"] = _folder.Path }, "--urls=https://127.0.0.1:0");

        Assert.Equal(1, await server.ExitCodeAsync());
        Assert.StartsWith("McpImageGen cannot start: Cannot listen on https://127.0.0.1:0: ", server.Output, StringComparison.Ordinal);
        Assert.Single(server.Output.Trim().Split('\n'));
    }

    [Fact]
    public async Task Port_in_use_exits_with_one_line_and_code_1()
    {
        using var busy = new TcpListener(IPAddress.Loopback, 0);
        busy.Start();

        await using var server = StandaloneProcess.Start(_folder.Path, $"--urls=http://127.0.0.1:{((IPEndPoint)busy.LocalEndpoint).Port}");

        Assert.Equal(1, await server.ExitCodeAsync());
        Assert.Contains("address already in use", server.Output, StringComparison.Ordinal);
        Assert.Contains("--urls", server.Output, StringComparison.Ordinal);
        Assert.Single(server.Output.Trim().Split('\n'));
    }

    [Fact]
    public async Task Data_folder_that_cannot_be_created_exits_with_one_line_and_code_1()
    {
        var file = Path.Combine(_folder.Path, "file");
        await File.WriteAllTextAsync(file, "", TestContext.Current.CancellationToken);

        await using var server = StandaloneProcess.Start(Path.Combine(file, "data"));

        Assert.Equal(1, await server.ExitCodeAsync());
        Assert.Contains("cannot be created", server.Output, StringComparison.Ordinal);
        Assert.Single(server.Output.Trim().Split('\n'));
    }

    [Fact]
    public async Task Data_folder_on_a_read_only_file_system_exits_with_one_line_and_code_1()
    {
        await Mounts.RequireAsync();
        await using (var first = StandaloneProcess.Start(_folder.Path))
            await first.ReadyAsync();

        await using var server = StandaloneProcess.StartMounted(
            _folder.Path, "mount --bind \"$0\" \"$0\" && mount -o remount,bind,ro \"$0\"");

        Assert.Equal(1, await server.ExitCodeAsync());
        Assert.Equal(
            $"McpImageGen cannot start: The data folder {_folder.Path} is not writable: its file system is mounted read-only. "
            + "Mount it writable, or choose another folder with --data DIR.",
            server.Output.Trim());
    }

    [Fact]
    public async Task Full_disk_is_unhealthy_until_space_is_available()
    {
        await Mounts.RequireAsync();
        await using var server = StandaloneProcess.StartMounted(_folder.Path, "mount -t tmpfs -o size=150m none \"$0\"");
        var client = await server.ReadyAsync();
        await AssertHealthAsync("healthy");

        var fill = $"/proc/{server.Id}/root{_folder.Path}/fill";
        await File.WriteAllBytesAsync(fill, new byte[100_000_000], TestContext.Current.CancellationToken);
        await AssertHealthAsync("degraded");
        await Assert.ThrowsAsync<IOException>(() => File.AppendAllBytesAsync(fill, new byte[100_000_000], TestContext.Current.CancellationToken));
        await AssertHealthAsync("unhealthy");
        File.Delete(fill);
        await AssertHealthAsync("healthy");

        async Task AssertHealthAsync(string status) => await Until.HoldsAsync(
            () => HealthAsync(client), health => health.GetProperty("checks").GetProperty("disk").GetString() == status, $"the disk is {status}");
    }

    [Theory]
    [InlineData("jobs.db", "The database in the data folder is not usable: ")]
    [InlineData("images", "")]
    public async Task Data_folder_with_invalid_content_exits_with_one_line_and_code_1(string name, string line)
    {
        await File.WriteAllTextAsync(Path.Combine(_folder.Path, name), new string('x', 5000), TestContext.Current.CancellationToken);

        await using var server = StandaloneProcess.Start(_folder.Path);

        Assert.Equal(1, await server.ExitCodeAsync());
        Assert.StartsWith("McpImageGen cannot start: " + line, server.Output, StringComparison.Ordinal);
        Assert.Contains("with --data DIR.", server.Output, StringComparison.Ordinal);
        Assert.Single(server.Output.Trim().Split('\n'));
    }

    [Fact]
    public async Task HTTP_PROXY_is_not_used_for_the_embedded_emulator()
    {
        await using var server = StandaloneProcess.Start(_folder.Path, environment: new() { ["HTTP_PROXY"] = "http://127.0.0.1:9" });
        var client = await server.ReadyAsync();

        Assert.True((await client.CallAsync("generate_image_and_wait", new { prompt = "straight through" })).Success);
    }

    [Fact]
    public async Task Line_break_at_the_end_of_a_configured_token_is_ignored()
    {
        await using var server = await RunningStandalone.StartAsync("--AUTH_TOKEN=my-own-token\n");

        Assert.Equal("my-own-token", server.Token);
        Assert.True((await server.Client.CallAsync("list_jobs", new { })).Success);
    }

    [Fact]
    public async Task Help_lists_options_and_settings()
    {
        await using var server = StandaloneProcess.StartBare("--help");

        Assert.Equal(0, await server.ExitCodeAsync());
        Assert.Contains("--data DIR", server.Output, StringComparison.Ordinal);
        Assert.Contains("AUTH_TOKEN", server.Output, StringComparison.Ordinal);
    }

    private static async Task<JsonElement> HealthAsync(FetchClient client)
    {
        using var answer = await client.Http.GetAsync("/health", TestContext.Current.CancellationToken);
        return await answer.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);
    }

    private static async Task<string> TokenOfAsync(StandaloneProcess server)
    {
        await server.ReadyAsync();
        var line = server.Output.Split('\n').Single(line => line.Contains("Bearer token", StringComparison.Ordinal));
        return line.Trim()["Bearer token".Length..].Trim();
    }
}
