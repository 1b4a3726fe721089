using System.Globalization;
using System.Text.RegularExpressions;

namespace McpImageGen.Tests.Settings;

/// <summary>
/// The names that the AppHost's source sets, read as text: its Targets are not compiled everywhere, and a rename must be noticed there too.
/// </summary>
internal static partial class AppHostSource
{
    /// <summary>What the servers' own images read; no setting of ours.</summary>
    private static readonly string[] OfContainers = ["MINIO_ROOT_PASSWORD", "MINIO_ROOT_USER", "POSTGRES_DB"];

    /// <summary>The folder of the solution.</summary>
    public static readonly string Root = FindRoot();

    private static readonly string Text = Read();

    public static string[] ConnectionNames { get; } = Matches(ConnectionName());

    /// <summary>The environment keys that services are given, such as <c>Worker__Concurrency</c>.</summary>
    public static string[] EnvironmentKeys { get; } =
        [.. Matches(EnvironmentKey()).Concat(Matches(ComposeKey())).Distinct().Except(OfContainers).Order()];

    /// <summary>Container Apps' name of the secret with the broker's address.</summary>
    public static string BrokerSecret { get; } = Assert.Single(Matches(SecretReference()));

    /// <summary>The queue that workers are scaled on.</summary>
    public static string ScaledQueue { get; } = Assert.Single(Matches(QueueName()));

    /// <summary>The pages of the API that the dashboard links to.</summary>
    public static string[] Pages { get; } = Matches(PagePath());

    public static TimeSpan WorkerGrace { get; } = TimeSpan.FromSeconds(int.Parse(Assert.Single(Matches(GraceSeconds())), CultureInfo.InvariantCulture));

    private static string[] Matches(Regex name) => [.. name.Matches(Text).Select(match => match.Groups[1].Value).Distinct().Order()];

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!Directory.Exists(Path.Combine(folder.FullName, "McpImageGen.AppHost")))
            folder = folder.Parent ?? throw new InvalidOperationException("The tests do not lie below the solution.");
        return folder.FullName;
    }

    private static string Read()
    {
        var files = Directory.EnumerateFiles(Path.Combine(Root, "McpImageGen.AppHost"), "*.cs", SearchOption.AllDirectories)
            .Where(path => !path.Split(Path.DirectorySeparatorChar).Intersect(["bin", "obj"]).Any());
        return string.Join('\n', files.Select(File.ReadAllText));
    }

    [GeneratedRegex("""\.WithReference\(\w+, connectionName: "(\w+)"\)""")]
    private static partial Regex ConnectionName();

    [GeneratedRegex("""\.WithEnvironment\("(\w+)",""")]
    private static partial Regex EnvironmentKey();

    [GeneratedRegex("""\.Environment\["(\w+)"\]""")]
    private static partial Regex ComposeKey();

    [GeneratedRegex("""SecretRef = "([\w-]+)" """)]
    private static partial Regex SecretReference();

    [GeneratedRegex("""\["queueName"\] = "([\w-]+)",""")]
    private static partial Regex QueueName();

    [GeneratedRegex("""\bUrl = "(/[\w-]*)",""")]
    private static partial Regex PagePath();

    [GeneratedRegex(@"WorkerGraceSeconds = (\d+);")]
    private static partial Regex GraceSeconds();
}
