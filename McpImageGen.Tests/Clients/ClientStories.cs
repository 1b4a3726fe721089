using System.Collections.Concurrent;
using System.Text.Json;
using McpImageGen.Tests.Testing;

namespace McpImageGen.Tests.Clients;

/// <summary>
/// Tells the story with every client, each as an owner of its own, side by side against one server: each needs the processor for some
/// seconds and then waits for most of a minute.
/// </summary>
public sealed class ClientStories : IAsyncDisposable
{
    /// <summary>The clients and their scripts.</summary>
    private static readonly Dictionary<string, string[]> Scripts = new()
    {
        ["AI SDK, Anthropic"] = ["ai-sdk.mjs", "anthropic"],
        ["AI SDK, Google"] = ["ai-sdk.mjs", "google"],
        ["AI SDK, OpenAI"] = ["ai-sdk.mjs", "openai"],
        ["Claude Code"] = ["claude-code.mjs"],
        ["Codex"] = ["codex.mjs"],
        ["Gemini CLI"] = ["gemini-cli.mjs"],
        ["Google Gen AI SDK"] = ["google-genai.mjs"],
        ["LangChain, Anthropic"] = ["langchain.mjs", "anthropic"],
        ["LangChain, Google"] = ["langchain.mjs", "google-genai"],
        ["LangChain, OpenAI"] = ["langchain.mjs", "openai"],
        ["MCP Inspector, command line"] = ["inspector.mjs"],
        ["Node.js fetch, no library"] = ["fetch.mjs"],
        ["TypeScript SDK 1.13"] = ["typescript.mjs", "typescript-sdk-1.13"],
        ["TypeScript SDK 1.20"] = ["typescript.mjs", "typescript-sdk-1.20"],
        ["TypeScript SDK 1.32"] = ["typescript.mjs", "@modelcontextprotocol/sdk"],
        ["TypeScript SDK 2.4"] = ["typescript-2.mjs"],
        ["curl"] = ["curl.mjs"],
        ["mcp-remote"] = ["mcp-remote.mjs", "--transport", "http-only"],
        ["mcp-remote, older transport"] = ["mcp-remote.mjs", "--transport", "sse-only"],
        ["opencode, Google"] = ["opencode.mjs", "google"],
        ["opencode, OpenAI"] = ["opencode.mjs", "openai"],
    };

    /// <summary>Those that are also told to give a call up after five seconds. The others wait on while the server shows progress, or end.</summary>
    private static readonly string[] Impatient =
    [
        "AI SDK, Anthropic", "Claude Code", "Codex", "Gemini CLI", "LangChain, OpenAI", "TypeScript SDK 1.13", "TypeScript SDK 1.32", "TypeScript SDK 2.4",
    ];

    private readonly SemaphoreSlim _processors = new(Environment.ProcessorCount);
    private readonly ConcurrentDictionary<string, Task<ClientStory>> _stories = [];
    private readonly Lock _start = new();
    private ClientProgram? _program;

    public static TheoryData<string> Clients => [.. Scripts.Keys];

    /// <summary>The clients that speak MCP: they have a time limit for a call, and the server waits less for them.</summary>
    public static TheoryData<string> McpClients => [.. Scripts.Keys.Except(["curl", "Node.js fetch, no library"])];

    public static TheoryData<string> ImpatientClients => [.. Impatient];

    /// <summary>The story with a client. The first test that asks for one starts all.</summary>
    public Task<ClientStory> OfAsync(string client)
    {
        if (client.StartsWith("opencode", StringComparison.Ordinal))
            Requirement.Check(ClientProgram.Has("opencode-linux-x64-baseline") ? null : "opencode is installed on Linux with x64 processors only.");
        lock (_start)
        {
            if (_program is null)
            {
                // Those that take longest to wait begin; the impatient ones do their work while these wait.
                (string Client, string[] Command)[] all =
                    [.. Scripts.Select(script => (script.Key, script.Value)), .. Impatient.Select(name => (InAHurry(name), (string[])[.. Scripts[name], "--impatient"]))];
                _program = ClientProgram.Start(
                    [.. all.SelectMany((one, number) => new[] { $"--Auth:Tokens:{number}:Owner={number}", $"--Auth:Tokens:{number}:Token={TokenOf(one.Client)}" })]);
                _program.Life = TimeSpan.FromMinutes(10);
                foreach (var (name, command) in all)
                    _stories[name] = SignalAsync(_program, name, command);
            }
        }

        return _stories[client];
    }

    /// <summary>The story with a client that gives a call up after five seconds.</summary>
    public Task<ClientStory> InAHurryAsync(string client) => OfAsync(InAHurry(client));

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_stories.Values).ContinueWith(_ => { }, TaskScheduler.Default);
        if (_program is not null)
            await _program.DisposeAsync();
        _processors.Dispose();
    }

    private async Task<ClientStory> SignalAsync(ClientProgram program, string name, string[] command)
    {
        await _processors.WaitAsync(TestContext.Current.CancellationToken);
        var isBusy = 1;
        void Leave()
        {
            if (Interlocked.Exchange(ref isBusy, 0) == 1)
                _processors.Release();
        }

        try
        {
            return new(JsonElement.Parse(await program.RunAsync("node", command, TokenOf(name), line =>
            {
                if (line == "The long wait begins.")
                    Leave();
            })));
        }
        finally
        {
            Leave();
        }
    }

    private static string InAHurry(string client) => client + " in a hurry";

    private static string TokenOf(string client) => "token-of-" + client.Replace(' ', '-').Replace(",", null, StringComparison.Ordinal);
}
