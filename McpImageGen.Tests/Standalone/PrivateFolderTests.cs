using System.Runtime.Versioning;
using McpImageGen.Tests.Testing;

namespace McpImageGen.Tests.Standalone;

/// <summary>Other users of the machine can't use what a server keeps.</summary>
[UnsupportedOSPlatform("windows")]
[Slow]
public sealed class PrivateFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>With the umask that most systems have, and in a folder that others may read.</summary>
    [Fact]
    public async Task Other_users_cannot_access_files_in_the_data_folder()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no modes of files.");
        const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
            | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;
        var data = Path.Combine(_folder.Path, "data");
        Directory.CreateDirectory(data, (UnixFileMode)0b111_101_101);

        await using var server = StandaloneProcess.Start(data);
        var client = await server.ReadyAsync();
        Assert.True((await client.CallAsync("generate_image_and_wait", new { prompt = "a lighthouse" })).Success);

        var entries = Directory.EnumerateFileSystemEntries(data, "*", SearchOption.AllDirectories).Prepend(data).ToList();
        Assert.Contains(entries, entry => entry.EndsWith("jobs.db", StringComparison.Ordinal));
        Assert.Contains(entries, entry => entry.Contains("/images/", StringComparison.Ordinal));
        Assert.All(entries, entry => Assert.Equal(UnixFileMode.None, File.GetUnixFileMode(entry) & Others));
    }

    [Fact]
    public async Task Permissions_of_an_existing_data_folder_are_restricted_at_the_start()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no modes of files.");
        await using (var first = StandaloneProcess.Start(_folder.Path))
            await first.ReadyAsync();
        var database = Path.Combine(_folder.Path, "jobs.db");
        File.SetUnixFileMode(_folder.Path, (UnixFileMode)0b111_101_101);
        File.SetUnixFileMode(database, (UnixFileMode)0b110_100_100);

        await using var second = StandaloneProcess.Start(_folder.Path);
        await second.ReadyAsync();

        Assert.Equal((UnixFileMode)0b111_000_000, File.GetUnixFileMode(_folder.Path));
        Assert.Equal((UnixFileMode)0b110_000_000, File.GetUnixFileMode(database));
    }

    /// <summary>Such as a home folder, which may have to be open.</summary>
    [Fact]
    public async Task Data_folder_that_contains_other_files_keeps_its_permissions()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no modes of files.");
        await File.WriteAllTextAsync(Path.Combine(_folder.Path, "something"), "else", TestContext.Current.CancellationToken);
        File.SetUnixFileMode(_folder.Path, (UnixFileMode)0b111_101_101);

        await using var server = StandaloneProcess.Start(_folder.Path);
        await server.ReadyAsync();

        Assert.Equal((UnixFileMode)0b111_101_101, File.GetUnixFileMode(_folder.Path));
        Assert.Equal((UnixFileMode)0b110_000_000, File.GetUnixFileMode(Path.Combine(_folder.Path, "jobs.db")));
        Assert.Equal((UnixFileMode)0b111_000_000, File.GetUnixFileMode(Path.Combine(_folder.Path, "images")));
    }
}
