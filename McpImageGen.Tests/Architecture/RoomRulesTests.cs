using System.Reflection;
using NetArchTest.Rules;

namespace McpImageGen.Tests.Architecture;

/// <summary>Which folder ("room") of a project may use which: CONTRIBUTING.md has the picture.</summary>
public sealed class RoomRulesTests
{
    private const string Api = "McpImageGen.McpApi";

    /// <summary>The ways in: each uses the application layer, never another way in.</summary>
    private static readonly string[] Doors = ["Pages", "Prompts", "Resources", "Sse", "Subscriptions", "Tasks", "Tools"];

    private static readonly Assembly[] Assemblies =
    [
        .. new[] { "Contracts", "Jobs", "McpApi", "GenerationWorker", "Standalone", "WorkersAiEmulator", "ServiceDefaults", "AppHost" }
            .Select(project => Assembly.Load($"McpImageGen.{project}")),
    ];

    public static TheoryData<string> DoorNames => [.. Doors];

    public static TheoryData<string> AssemblyNames => [.. Assemblies.Select(assembly => assembly.GetName().Name!)];

    [Theory]
    [MemberData(nameof(DoorNames))]
    public void Door_uses_no_other_door(string door)
    {
        var types = TypesIn($"{Api}.{door}");
        Assert.NotEmpty(types.GetTypes());

        AssertNoDependency(types, [.. Doors.Where(other => other != door).Select(other => $"{Api}.{other}")]);
    }

    [Fact]
    public void Application_layer_knows_nothing_of_MCP_HTTP_or_HTML()
    {
        var types = TypesIn($"{Api}.Application");
        Assert.NotEmpty(types.GetTypes());

        AssertNoDependency(
            types,
            ["ModelContextProtocol", "Microsoft.AspNetCore", "System.Net.Http", $"{Api}.Arguments", $"{Api}.Results", .. Doors.Select(door => $"{Api}.{door}")]);
    }

    [Theory]
    [MemberData(nameof(AssemblyNames))]
    public void Rooms_of_a_project_use_each_other_in_one_direction_only(string name)
    {
        var assembly = Assemblies.Single(assembly => assembly.GetName().Name == name);
        var rooms = Types.InAssembly(assembly).GetTypes().Select(type => type.ReflectionType.Namespace).OfType<string>()
            .Where(room => room.StartsWith($"{name}.", StringComparison.Ordinal)).Distinct().ToList();
        var uses = rooms.ToDictionary(room => room, _ => new List<string>());
        foreach (var room in rooms)
        {
            // A room may set up the rooms inside it, as a project sets up its rooms.
            foreach (var user in UsersOf(assembly, room).Where(user => user != room && uses.ContainsKey(user) && !room.StartsWith($"{user}.", StringComparison.Ordinal)))
                uses[user].Add(room);
        }

        // A room that uses none of the remaining rooms is taken away; what is left over are cycles.
        while (uses.FirstOrDefault(entry => entry.Value.All(other => !uses.ContainsKey(other))) is { Key: { } end })
            uses.Remove(end);

        Assert.Empty(uses.Select(entry => $"{entry.Key} uses {string.Join(", ", entry.Value.Where(uses.ContainsKey))}"));
    }

    [Fact]
    public void No_type_has_the_name_of_a_type_of_the_MCP_SDK()
    {
        var taken = new[] { typeof(ModelContextProtocol.Protocol.Tool), typeof(ModelContextProtocol.AspNetCore.HttpServerTransportOptions) }
            .SelectMany(type => type.Assembly.GetExportedTypes()).Select(type => type.Name).ToHashSet();

        Assert.DoesNotContain(Assemblies.SelectMany(assembly => assembly.GetTypes()).Where(type => !type.IsNested), type => taken.Contains(type.Name));
    }

    private static PredicateList TypesIn(string room) => Types.InAssembly(Assembly.Load(Api)).That().ResideInNamespace(room);

    private static IEnumerable<string> UsersOf(Assembly assembly, string room)
    {
        var types = Types.InAssembly(assembly).GetTypes().Where(type => type.ReflectionType.Namespace == room).Select(type => type.FullName);
        return Types.InAssembly(assembly).That().HaveDependencyOnAny([.. types]).GetTypes().Select(type => type.ReflectionType.Namespace).OfType<string>().Distinct();
    }

    private static void AssertNoDependency(PredicateList types, string[] rooms) =>
        Assert.Empty((types.ShouldNot().HaveDependencyOnAny(rooms).GetResult().FailingTypes ?? []).Select(type => $"{type.FullName}: {type.Explanation}"));
}
