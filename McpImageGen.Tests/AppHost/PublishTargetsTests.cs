using System.Xml.Linq;
using McpImageGen.Tests.Settings;

namespace McpImageGen.Tests.AppHost;

/// <summary>What <c>PublishTargets=false</c> leaves out: the folders named <c>Targets</c> and the packages of the three publishers. All else is built and tested.</summary>
public sealed class PublishTargetsTests
{
    private static readonly string[] Publishers = ["Aspire.Hosting.Azure.AppContainers", "Aspire.Hosting.Docker", "Aspire.Hosting.Kubernetes"];

    [Fact]
    public void In_the_AppHost_project_only_publishers_and_Targets_folder_depend_on_PublishTargets()
    {
        var file = Load("McpImageGen.AppHost/McpImageGen.AppHost.csproj");

        Assert.Equal(
            ["Compile Targets/**", "DefineConstants $(DefineConstants);PUBLISH_TARGETS", .. Publishers.Select(name => $"PackageReference {name}"), "PackageVersion Aspire.Hosting.Kubernetes"],
            DependentOn(file));
        Assert.DoesNotContain(file.Descendants("PackageReference").Except(Dependent(file)), reference => Publishers.Contains(reference.Attribute("Include")!.Value));
    }

    [Fact]
    public void In_the_test_project_only_the_Targets_folder_depends_on_PublishTargets() =>
        Assert.Equal(["Compile AppHost/Targets/**"], DependentOn(Load("McpImageGen.Tests/McpImageGen.Tests.csproj")));

    [Fact]
    public void No_other_project_file_depends_on_PublishTargets()
    {
        var files = new[] { "*.csproj", "*.props", "*.targets" }
            .SelectMany(pattern => Directory.EnumerateFiles(AppHostSource.Root, pattern, SearchOption.AllDirectories))
            .Select(path => Path.GetRelativePath(AppHostSource.Root, path))
            .Where(path => !path.Split(Path.DirectorySeparatorChar).Intersect(["bin", "obj", "artifacts"]).Any());

        Assert.Equal(
            ["Directory.Build.props", "McpImageGen.AppHost.csproj", "McpImageGen.Tests.csproj"],
            files.Where(path => Load(path).ToString().Contains("PublishTargets", StringComparison.Ordinal)).Select(Path.GetFileName).Order());
        Assert.Equal(["PublishTargets true"], DependentOn(Load("Directory.Build.props")));
    }

    [Fact]
    public void In_the_AppHost_source_only_calls_of_the_targets_depend_on_PublishTargets()
    {
        var folder = Path.Combine(AppHostSource.Root, "McpImageGen.AppHost");
        var files = Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories)
            .Where(path => !path.Split(Path.DirectorySeparatorChar).Intersect(["bin", "obj", "Targets"]).Any());
        var lines = files.SelectMany(path => ConditionalLines(File.ReadLines(path)));

        Assert.Equal(
            ["using McpImageGen.AppHost.Targets;", "if (builder.ExecutionContext.IsPublishMode)", "builder.DeployTo(api, worker);", "builder.RefuseTargets();"],
            lines);
    }

    private static XElement Load(string path) => XElement.Load(Path.Combine(AppHostSource.Root, path));

    private static IEnumerable<string> DependentOn(XElement file) =>
        Dependent(file).Select(element => $"{element.Name} {element.Attribute("Include")?.Value ?? element.Attribute("Remove")?.Value ?? element.Value}").Order(StringComparer.Ordinal);

    /// <summary>The innermost elements that a condition on it decides about.</summary>
    private static IEnumerable<XElement> Dependent(XElement file) =>
        file.Descendants().Where(element => !element.HasElements && element.AncestorsAndSelf().Any(IsConditional));

    private static bool IsConditional(XElement element) => element.Attribute("Condition")?.Value.Contains("PublishTargets", StringComparison.Ordinal) == true;

    private static IEnumerable<string> ConditionalLines(IEnumerable<string> lines)
    {
        var isConditional = false;
        foreach (var line in lines.Select(line => line.Trim()))
        {
            if (line.StartsWith("#if", StringComparison.Ordinal))
                isConditional = true;
            else if (line.StartsWith("#endif", StringComparison.Ordinal))
                isConditional = false;
            else if (isConditional && !line.StartsWith('#'))
                yield return line;
        }
    }
}
