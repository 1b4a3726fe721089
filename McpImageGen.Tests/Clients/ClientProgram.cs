using System.Diagnostics;
using System.Text;
using System.Text.Json;
using McpImageGen.Tests.Testing;

namespace McpImageGen.Tests.Clients;

/// <summary>Runs real clients as a user does: as processes, in a home folder of their own, against a server of their own.</summary>
public sealed class ClientProgram : IAsyncDisposable
{
    private static readonly TimeSpan LongestRun = TimeSpan.FromMinutes(3);

    private readonly TemporaryFolder _home = new();
    private readonly TemporaryFolder _data = new();
    private readonly string _bin;
    private readonly StandaloneProcess _server;

    private ClientProgram(string packages, string[] settings)
    {
        _bin = Path.Combine(packages, "node_modules", ".bin");
        Directory.CreateSymbolicLink(Path.Combine(_home.Path, "node_modules"), Path.Combine(packages, "node_modules"));
        foreach (var file in Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "Clients")))
            File.Copy(file, Path.Combine(_home.Path, Path.GetFileName(file)));
        _server = StandaloneProcess.Start(_data.Path, settings);
        _server.Life = LongestRun;
    }

    public static ClientProgram Start(params string[] serverSettings)
    {
        Requirement.Check(WhyNot);
        return new ClientProgram(Packages!, serverSettings);
    }

    private static string? Packages => Environment.GetEnvironmentVariable("TEST_CLIENTS") is { Length: > 0 } folder ? folder : null;

    private static string? WhyNot =>
        Packages is null ? "TEST_CLIENTS names no clients; McpImageGen.Tests/Clients/install.sh installs some."
        : Packages.StartsWith("off", StringComparison.Ordinal) ? $"Tests with real clients are {Packages}"
        : null;

    /// <summary>The version of a client that is an npm package.</summary>
    public static string VersionOf(string package) =>
        JsonElement.Parse(File.ReadAllText(FileOf(package, "package.json"))).GetProperty("version").GetString()!;

    /// <summary>The path of a file in an npm package; where there are no packages, the test is skipped.</summary>
    public static string FileOf(string package, string file)
    {
        Requirement.Check(WhyNot);
        return Path.Combine(Packages!, "node_modules", package, file);
    }

    /// <summary>Runs a script of this folder with Node; it must end well.</summary>
    /// <returns>What it printed.</returns>
    public async Task<string> NodeAsync(string script, params string[] arguments) => await RunAsync("node", [script, .. arguments]);

    /// <summary>Runs a program of the packages, or one that the machine has; it must end well.</summary>
    /// <param name="program">Its name.</param>
    /// <param name="arguments">Its arguments, in which <c>URL</c> stands for the server's MCP endpoint.</param>
    /// <returns>What it printed.</returns>
    public async Task<string> RunAsync(string program, params string[] arguments)
    {
        var server = await _server.ReadyAsync();
        var url = new Uri(server.Http.BaseAddress!, "/mcp").AbsoluteUri;
        var start = new ProcessStartInfo(Path.Combine(_bin, program), arguments.Select(argument => argument == "URL" ? url : argument))
        {
            WorkingDirectory = _home.Path,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

        // Nothing of the settings, proxies and accounts of whoever runs the tests.
        var path = Environment.GetEnvironmentVariable("PATH");
        start.Environment.Clear();
        start.Environment["PATH"] = $"{_bin}{Path.PathSeparator}{path}";
        start.Environment["HOME"] = _home.Path;
        start.Environment["MCP_URL"] = url;
        start.Environment["MCP_TOKEN"] = server.Token;

        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(LongestRun);
        await using var end = limit.Token.Register(() => process.Kill(entireProcessTree: true));
        var errors = process.StandardError.ReadToEndAsync(CancellationToken.None);
        var output = await process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        await process.WaitForExitAsync(CancellationToken.None);
        Assert.True(process.ExitCode == 0 && !limit.IsCancellationRequested, new StringBuilder()
            .AppendLine($"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}:")
            .AppendLine(output).AppendLine(await errors).AppendLine(_server.Output).ToString());
        return output;
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _data.Dispose();
        _home.Dispose();
    }
}
