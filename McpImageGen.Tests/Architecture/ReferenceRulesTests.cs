using System.Xml.Linq;

namespace McpImageGen.Tests.Architecture;

/// <summary>Who may reference whom. A project not listed here has no reason to exist yet.</summary>
public sealed class ReferenceRulesTests
{
    private static readonly string Root = FindRoot();

    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Contracts"] = [],
        ["Jobs"] = ["Contracts"],
        ["ServiceDefaults"] = [],
        ["WorkersAiEmulator"] = [],
        ["McpApi"] = ["Jobs", "ServiceDefaults"],
        ["GenerationWorker"] = ["Jobs", "ServiceDefaults"],
        ["Standalone"] = ["GenerationWorker", "McpApi", "WorkersAiEmulator"],
        ["Tests"] = ["AppHost", "Standalone"],
        ["Benchmarks"] = ["Standalone"],
        ["AppHost"] = ["Contracts", "GenerationWorker", "McpApi", "WorkersAiEmulator"],
    };

    private static IEnumerable<(string Name, XDocument File)> Projects =>
        Directory.EnumerateFiles(Root, "McpImageGen.*.csproj", SearchOption.AllDirectories)
            .Select(path => (Path.GetFileNameWithoutExtension(path)["McpImageGen.".Length..], XDocument.Load(path)));

    [Fact]
    public void Projects_reference_only_allowed_projects()
    {
        foreach (var (name, file) in Projects)
        {
            var referenced = file.Descendants("ProjectReference").Select(reference => ProjectName(reference.Attribute("Include")!.Value));
            Assert.Subset(Allowed[name].ToHashSet(), referenced.ToHashSet());
        }
    }

    [Fact]
    public void Worker_and_API_do_not_reference_each_other()
    {
        Assert.DoesNotContain("McpApi", ReferencedBy(typeof(GenerationWorker.GenerationWorkerSetup)));
        Assert.DoesNotContain("GenerationWorker", ReferencedBy(typeof(McpApi.McpApiSetup)));
    }

    [Fact]
    public void Contracts_project_references_no_package() =>
        Assert.Empty(Projects.Single(project => project.Name == "Contracts").File.Descendants("PackageReference"));

    [Fact]
    public void Only_Standalone_references_SQLite() =>
        Assert.Equal(
            ["Standalone"],
            Projects.Where(project => project.File.Descendants("PackageReference").Any(IsSqlite)).Select(project => project.Name));

    [Fact]
    public void Only_Jobs_references_Aspire_client_integrations() =>
        Assert.Equal(
            ["Jobs"], Projects.Where(project => AspirePackages(project.File).Any(name => !IsHosting(name))).Select(project => project.Name));

    [Fact]
    public void No_service_references_an_Aspire_hosting_package() =>
        Assert.All(
            Projects.Where(project => project.Name is not ("AppHost" or "Tests")),
            project => Assert.DoesNotContain(AspirePackages(project.File), IsHosting));

    [Fact]
    public void MassTransit_version_is_below_9() =>
        Assert.All(
            XDocument.Load(Path.Combine(Root, "Directory.Packages.props")).Descendants("PackageVersion")
                .Where(package => package.Attribute("Include")!.Value.StartsWith("MassTransit", StringComparison.Ordinal)),
            package => Assert.EndsWith(",9.0.0)", package.Attribute("Version")!.Value, StringComparison.Ordinal));

    [Fact]
    public void Solution_contains_every_project()
    {
        var solution = File.ReadAllText(Path.Combine(Root, "McpImageGen.sln"));
        Assert.All(Projects, project => Assert.Contains($"McpImageGen.{project.Name}.csproj\"", solution, StringComparison.Ordinal));
    }

    [Fact]
    public void File_names_contain_no_meaningless_word()
    {
        string[] empty = ["Manager", "Helper", "Util", "Common", "Core", "Dto", "Processor"];
        var files = Directory.EnumerateFiles(Root, "*.cs", SearchOption.AllDirectories)
            .Where(path => !path.Contains("/obj/", StringComparison.Ordinal) && !path.Contains("\\obj\\", StringComparison.Ordinal))
            .Select(path => Path.GetFileName(path));
        Assert.DoesNotContain(files, file => empty.Any(word => file.Contains(word, StringComparison.Ordinal)));
    }

    private static IEnumerable<string> ReferencedBy(Type type) =>
        type.Assembly.GetReferencedAssemblies().Select(name => name.Name!.Replace("McpImageGen.", "", StringComparison.Ordinal));

    private static IEnumerable<string> AspirePackages(XDocument project) =>
        project.Descendants("PackageReference").Select(package => package.Attribute("Include")!.Value)
            .Where(name => name.StartsWith("Aspire.", StringComparison.OrdinalIgnoreCase));

    private static bool IsHosting(string package) => package.StartsWith("Aspire.Hosting", StringComparison.OrdinalIgnoreCase);

    private static bool IsSqlite(XElement package) =>
        package.Attribute("Include")!.Value.Contains("Sqlite", StringComparison.OrdinalIgnoreCase);

    private static string ProjectName(string path) =>
        Path.GetFileNameWithoutExtension(path.Replace('\\', '/'))["McpImageGen.".Length..];

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "McpImageGen.sln")))
            folder = folder.Parent ?? throw new InvalidOperationException("The tests do not lie below the solution.");
        return folder.FullName;
    }
}
