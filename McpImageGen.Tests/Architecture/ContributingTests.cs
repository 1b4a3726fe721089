using System.Text.RegularExpressions;
using McpImageGen.Tests.Settings;

namespace McpImageGen.Tests.Architecture;

/// <summary>CONTRIBUTING.md leads to files that exist.</summary>
public sealed partial class ContributingTests
{
    private static readonly string Text = File.ReadAllText(Path.Combine(AppHostSource.Root, "CONTRIBUTING.md"));

    private static readonly string[] Files = [.. Directory.EnumerateFiles(AppHostSource.Root, "*", SearchOption.AllDirectories)
        .Where(path => path.EndsWith(".cs", StringComparison.Ordinal) || path.EndsWith(".razor", StringComparison.Ordinal))
        .Select(path => path.Replace('\\', '/'))];

    [Fact]
    public void Every_file_that_the_guide_names_exists()
    {
        var named = FileName().Matches(Text).Select(match => match.Groups["file"].Value).Distinct().ToList();

        Assert.True(named.Count > 40, $"Only {named.Count} files are named.");
        Assert.Equal("", string.Join('\n', named.Where(name => !Files.Any(file => EndsWith(file, name)))));
    }

    [Fact]
    public void The_way_of_a_prompt_has_at_most_20_steps() =>
        Assert.InRange(Step().Count(Text[Text.IndexOf("### The way of a prompt", StringComparison.Ordinal)..Text.IndexOf("### To change X", StringComparison.Ordinal)]), 10, 20);

    /// <summary>A path in the text leaves out the first part of a project's name.</summary>
    private static bool EndsWith(string file, string name) =>
        file.EndsWith("/" + name, StringComparison.Ordinal) || file.EndsWith("/McpImageGen." + name, StringComparison.Ordinal);

    [GeneratedRegex(@"`(?<file>\w[\w./]*\.(cs|razor))`")]
    private static partial Regex FileName();

    [GeneratedRegex(@"^\d+\. `", RegexOptions.Multiline)]
    private static partial Regex Step();
}
