using System.Text.Json;
using McpImageGen.Tests.Settings;

namespace McpImageGen.Tests.Architecture;

/// <summary>The packages of the programs that are deployed are locked, including their content.</summary>
public sealed class LockFileTests
{
    private const string LockFile = "packages.lock.json";

    /// <summary>Their packages depend on the machine: Directory.Build.props.</summary>
    private static readonly string[] Unlocked = ["McpImageGen.AppHost", "McpImageGen.Benchmarks", "McpImageGen.Tests"];

    public static IEnumerable<TheoryDataRow<string>> Projects =>
        Directory.EnumerateFiles(AppHostSource.Root, "*.csproj", SearchOption.AllDirectories)
            .Select(path => Path.GetFileNameWithoutExtension(path))
            .Except(Unlocked)
            .Select(name => new TheoryDataRow<string>(name));

    [Theory]
    [MemberData(nameof(Projects))]
    public void Deployed_project_has_a_lock_file_with_a_hash_of_every_package(string project)
    {
        using var file = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppHostSource.Root, project, LockFile)));

        var packages = file.RootElement.GetProperty("dependencies").EnumerateObject().SelectMany(framework => framework.Value.EnumerateObject());

        Assert.All(
            packages.Where(package => package.Value.GetProperty("type").GetString() != "Project"),
            package => Assert.True(package.Value.TryGetProperty("contentHash", out _), package.Name));
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void Lock_file_contains_no_registry_address(string project) =>
        Assert.DoesNotContain("://", File.ReadAllText(Path.Combine(AppHostSource.Root, project, LockFile)), StringComparison.Ordinal);
}
