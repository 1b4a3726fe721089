using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using McpImageGen.Tests.Testing;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace McpImageGen.Tests.Standalone;

/// <summary>Clients that start their server, such as Claude Desktop, speak with it over standard input and output.</summary>
[Slow]
public sealed class StdioTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task CSharp_client_starts_a_stdio_server_and_generates_an_image()
    {
        await using var client = await ConnectAsync();

        var tools = await client.ListToolsAsync(cancellationToken: Cancel);

        Assert.Contains(tools, tool => tool.Name == "generate_image");
        Assert.Equal([0xFF, 0xD8, 0xFF], (await FetchAsync(await GenerateAsync(client)))[..3]);
    }

    [Fact]
    public async Task Stdio_process_relays_to_a_running_server_of_the_same_data_folder()
    {
        await using var server = StandaloneProcess.Start(_folder.Path);
        var seed = await server.ReadyAsync();
        await using var client = await ConnectAsync();

        var url = await GenerateAsync(client);

        Assert.StartsWith(seed.Http.BaseAddress!.AbsoluteUri, url, StringComparison.Ordinal);
        Assert.Equal([0xFF, 0xD8, 0xFF], (await FetchAsync(url))[..3]);
        Assert.Equal(1, (await seed.CallAsync("list_jobs", new { })).Number("total_count"));
    }

    [Fact]
    public async Task Stdio_process_needs_no_token_for_a_server_with_a_configured_token()
    {
        await using var server = StandaloneProcess.Start(_folder.Path, "--AUTH_TOKEN=nobody-told-the-client");
        await server.ReadyAsync();
        await using var stdio = StdioProcess.Start(_folder.Path);

        await stdio.CallAsync(1, "list_jobs", new { });

        Assert.True((await stdio.OutcomeAsync()).Success);
    }

    [Fact]
    public async Task Two_stdio_processes_share_one_server_and_the_second_continues_when_the_first_exits()
    {
        await using var one = StdioProcess.Start(_folder.Path);
        await using var another = StdioProcess.Start(_folder.Path);
        await one.CallAsync(1, "generate_image_and_wait", new { prompt = "by the first" });
        await another.CallAsync(1, "generate_image_and_wait", new { prompt = "by the second" });
        Assert.True((await one.OutcomeAsync()).Success);
        Assert.True((await another.OutcomeAsync()).Success);

        one.Close();
        Assert.Equal(0, await one.ExitCodeAsync());
        await another.CallAsync(2, "list_generations", new { });

        Assert.Equal(2, (await another.OutcomeAsync()).Number("total_count"));
        another.Close();
        Assert.Equal(0, await another.ExitCodeAsync());
    }

    [Fact]
    public async Task Standard_output_contains_only_MCP_messages()
    {
        await using var stdio = StdioProcess.Start(_folder.Path, "--Logging:LogLevel:Default=Information");
        await stdio.SendAsync(new
        {
            jsonrpc = "2.0",
            id = "first",
            method = "initialize",
            @params = new { protocolVersion = "2025-06-18", capabilities = new { }, clientInfo = new { name = "test", version = "1" } },
        });
        Assert.Equal("2025-06-18", (await stdio.MessageAsync())!.Value.GetProperty("result").GetProperty("protocolVersion").GetString());
        await stdio.SendAsync(new { jsonrpc = "2.0", method = "notifications/initialized" });
        await stdio.SendAsync(new { jsonrpc = "2.0", id = 2, method = "tools/list" });
        Assert.NotEmpty((await stdio.MessageAsync())!.Value.GetProperty("result").GetProperty("tools").EnumerateArray());

        await stdio.SendAsync("this is not JSON");
        Assert.Equal(-32700, ErrorOf(await stdio.MessageAsync()));
        await stdio.SendAsync(new { jsonrpc = "1.0", id = 3, method = "tools/list" });
        var refused = await stdio.MessageAsync();
        Assert.Equal(3, refused!.Value.GetProperty("id").GetInt32());
        Assert.Equal(-32600, ErrorOf(refused));

        stdio.Close();
        Assert.Null(await stdio.MessageAsync());
        Assert.Equal(0, await stdio.ExitCodeAsync());
        Assert.Contains("McpImageGen started a server at http://127.0.0.1:", stdio.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cancelled_stdio_call_gets_no_response_and_its_job_continues()
    {
        await using var stdio = StdioProcess.Start(_folder.Path);
        await stdio.CallAsync(1, "generate_image", new { prompt = "slow [latency:1m]" });
        var job = (await stdio.OutcomeAsync()).Text("job_id");
        await stdio.CallAsync(2, "wait_for_completion", new { job_id = job });

        await stdio.SendAsync(new { jsonrpc = "2.0", method = "notifications/cancelled", @params = new { requestId = 2 } });
        await stdio.CallAsync(3, "get_job_status", new { job_id = job });

        Assert.Contains((await stdio.OutcomeAsync()).Text("status"), (string[])["pending", "processing"]);
        stdio.Close();
        Assert.Null(await stdio.MessageAsync());
    }

    [Fact]
    public async Task Stdio_call_cancelled_in_the_same_write_gets_no_response()
    {
        await using var stdio = StdioProcess.Start(_folder.Path);
        await stdio.CallAsync(0, "generate_image", new { prompt = "slow [latency:1m]" });
        var job = (await stdio.OutcomeAsync()).Text("job_id");

        for (var id = 1; id <= 30; id++)
        {
            var call = JsonSerializer.Serialize(new
            {
                jsonrpc = "2.0",
                id,
                method = "tools/call",
                @params = new { name = "wait_for_completion", arguments = new { job_id = job, timeout_seconds = 1 } },
            });
            var cancellation = JsonSerializer.Serialize(
                new { jsonrpc = "2.0", method = "notifications/cancelled", @params = new { requestId = id } });
            await stdio.SendAsync(call + "\n" + cancellation);
        }

        stdio.Close();
        Assert.Null(await stdio.MessageAsync());
    }

    [Fact]
    public async Task Stdio_call_gets_its_response_after_standard_input_is_closed()
    {
        await using var stdio = StdioProcess.Start(_folder.Path);

        await stdio.CallAsync(1, "generate_image_and_wait", new { prompt = "echo into a pipe" });
        stdio.Close();

        Assert.True((await stdio.OutcomeAsync()).Success);
        Assert.Equal(0, await stdio.ExitCodeAsync());
    }

    [Fact]
    public async Task Stdio_server_uses_another_port_if_the_default_port_is_in_use()
    {
        using var busy = new TcpListener(IPAddress.Loopback, 5280);
        try
        {
            busy.Start();
        }
        catch (SocketException)
        {
            // It is taken already.
        }

        await using var stdio = StdioProcess.StartBare("--data", _folder.Path, "--Emulator:Latency=00:00:00.020", "--AUTH_TOKEN=", "--WorkersAi:AccountId=", "--WorkersAi:ApiToken=", "--WorkersAi:BaseUrl=");
        await stdio.CallAsync(1, "generate_image_and_wait", new { prompt = "another way" });

        var url = (await stdio.OutcomeAsync()).Text("image_url");
        Assert.NotEqual(5280, new Uri(url).Port);
        Assert.Equal([0xFF, 0xD8, 0xFF], (await FetchAsync(url))[..3]);
    }

    [Fact]
    public async Task Invalid_setting_of_a_stdio_server_exits_with_one_line_on_standard_error_and_code_1()
    {
        await using var stdio = StdioProcess.Start(_folder.Path, "--Worker:Concurrency=0");

        Assert.Null(await stdio.MessageAsync());
        Assert.Equal(1, await stdio.ExitCodeAsync());
        Assert.Equal("McpImageGen cannot start: Worker__Concurrency must be between 1 and 1000.", stdio.Errors.Trim());
    }

    private async Task<McpClient> ConnectAsync() => await McpClient.CreateAsync(
        new StdioClientTransport(new StdioClientTransportOptions
        {
            Command = "dotnet",
            Arguments = [StdioProcess.Dll, "--stdio", .. RunningStandalone.ArgumentsFor(_folder.Path)],
        }),
        cancellationToken: Cancel);

    private static async Task<string> GenerateAsync(McpClient client)
    {
        var result = await client.CallToolAsync(
            "generate_image_and_wait", new Dictionary<string, object?> { ["prompt"] = "through a pipe: ümläuts ✓" }, cancellationToken: Cancel);
        Assert.NotEqual(true, result.IsError);
        return JsonElement.Parse(result.Content.OfType<TextContentBlock>().First().Text).GetProperty("image_url").GetString()!;
    }

    private static async Task<byte[]> FetchAsync(string url)
    {
        using var http = new HttpClient();
        return await http.GetByteArrayAsync(url, Cancel);
    }

    private static int ErrorOf(JsonElement? message) => message!.Value.GetProperty("error").GetProperty("code").GetInt32();
}
