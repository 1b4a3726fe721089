using System.Diagnostics;
using System.Text.Json;
using McpImageGen.Tests.Testing;

namespace McpImageGen.Tests.Clients;

/// <summary>Runs real clients as a user does: as processes, each in a home folder of its own, against one server.</summary>
public sealed class ClientProgram : IAsyncDisposable
{
    private static readonly TimeSpan MaxRunTime = TimeSpan.FromMinutes(3);

    private readonly TemporaryFolder _data = new();
    private readonly string _packages;
    private readonly StandaloneProcess _server;

    private ClientProgram(string packages, string[] settings)
    {
        _packages = packages;
        _server = StandaloneProcess.Start(_data.Path, settings);
        _server.Life = MaxRunTime;
    }

    public static ClientProgram Start(params string[] serverSettings) => new(Packages, serverSettings);

    private static string Packages => Requirement.Setting("TEST_CLIENTS", "Tests with real clients", "McpImageGen.Tests/Clients/install.sh");

    /// <summary>A package that is there on some platforms only is there.</summary>
    public static bool Has(string package) => File.Exists(FileOf(package, "package.json"));

    /// <summary>The version of a client that is an npm package.</summary>
    public static string VersionOf(string package) =>
        JsonElement.Parse(File.ReadAllText(FileOf(package, "package.json"))).GetProperty("version").GetString()!;

    /// <summary>The path of a file in an npm package; where there are no packages, the test is skipped.</summary>
    public static string FileOf(string package, string file) => Path.Combine(Packages, "node_modules", package, file);

    /// <summary>For how long the server lives at most; a run of a client takes three minutes at most.</summary>
    public TimeSpan Life
    {
        set => _server.Life = value;
    }

    /// <summary>Runs a program of the packages, or one that the machine has; it must end well.</summary>
    /// <param name="program">Its name.</param>
    /// <param name="arguments">Its arguments, in which <c>URL</c> stands for the server's MCP endpoint.</param>
    /// <param name="token">Whose client it is; null for the server's own token.</param>
    /// <param name="hear">Gets each line of its error output at once.</param>
    /// <returns>What it printed.</returns>
    public async Task<string> RunAsync(string program, string[] arguments, string? token = null, Action<string>? hear = null)
    {
        var server = await _server.ReadyAsync();
        var url = new Uri(server.Http.BaseAddress!, "/mcp").AbsoluteUri;
        using var home = HomeWithScripts();
        var bin = Path.Combine(_packages, "node_modules", ".bin");
        var start = new ProcessStartInfo(Path.Combine(bin, program), arguments.Select(argument => argument == "URL" ? url : argument)) { WorkingDirectory = home.Path };

        // Nothing of the settings, proxies and accounts of whoever runs the tests.
        var path = Environment.GetEnvironmentVariable("PATH");
        start.Environment.Clear();
        start.Environment["PATH"] = $"{bin}{Path.PathSeparator}{path}";
        start.Environment["HOME"] = home.Path;
        start.Environment["MCP_URL"] = url;
        start.Environment["MCP_TOKEN"] = token ?? server.Token;

        await using var process = new ChildProcess(start, hear, killsTree: true);
        process.Input.Close();
        var code = await process.ExitCodeAsync();
        Assert.True(code == 0, $"{program} {string.Join(' ', arguments)} ended with {code}:\n{process.Output}\n{process.Errors}\n{_server.Output}");
        return process.Output;
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _data.Dispose();
    }

    private TemporaryFolder HomeWithScripts()
    {
        var home = new TemporaryFolder();
        Directory.CreateSymbolicLink(Path.Combine(home.Path, "node_modules"), Path.Combine(_packages, "node_modules"));
        var scripts = Path.Combine(AppContext.BaseDirectory, "Clients");
        foreach (var file in Directory.EnumerateFiles(scripts, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(home.Path, Path.GetRelativePath(scripts, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        return home;
    }
}
