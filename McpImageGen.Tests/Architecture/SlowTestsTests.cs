using System.Reflection;
using McpImageGen.Tests.Testing;
using Mono.Cecil;
using Mono.Cecil.Cil;

namespace McpImageGen.Tests.Architecture;

/// <summary>Tests that need more than the .NET SDK are marked, so that <c>./test.sh fast</c> runs everywhere.</summary>
public sealed class SlowTestsTests
{
    /// <summary>What starts a container, a browser or a process, or is a shared one.</summary>
    private static readonly string[] Slow =
    [
        "McpImageGen.Tests.Containers.", "McpImageGen.Tests.Pages.Browser.Chromium", "McpImageGen.Tests.AppHost.RunningAppHost",
        "McpImageGen.Tests.Testing.ChildProcess", "McpImageGen.Tests.Clients.ClientStories",
    ];

    [Fact]
    public void Every_test_that_uses_a_container_browser_or_process_is_marked_as_slow()
    {
        using var assembly = AssemblyDefinition.ReadAssembly(typeof(SlowTestsTests).Assembly.Location);
        var types = assembly.MainModule.Types.ToDictionary(type => type.FullName);
        var slow = SlowTypes(types.Values);

        var unmarked = (from type in typeof(SlowTestsTests).Assembly.GetTypes()
                        where !type.IsAbstract && type.IsDefined(typeof(SlowAttribute), inherit: true) is false
                        from method in type.GetMethods()
                        where method.GetCustomAttributes<FactAttribute>(inherit: true).Any() && !method.IsDefined(typeof(SlowAttribute), inherit: true)
                        where UsesOf(method, types).Any(slow.Contains)
                        select $"{type.FullName}.{method.Name}").ToList();

        Assert.True(unmarked.Count == 0, $"These tests need [Slow]:\n{string.Join('\n', unmarked)}");
    }

    /// <summary>The slow types, and the types of this assembly that use them.</summary>
    private static HashSet<string> SlowTypes(IEnumerable<TypeDefinition> types)
    {
        var uses = types.ToDictionary(type => type.FullName, type => UsedBy(type).ToHashSet());
        HashSet<string> slow = [.. uses.Keys.Where(name => Array.Exists(Slow, start => name.StartsWith(start, StringComparison.Ordinal)))];
        while (uses.Where(type => !IsTestClass(type.Key) && type.Value.Overlaps(slow) && slow.Add(type.Key)).ToList().Count > 0)
        {
        }

        return slow;
    }

    private static bool IsTestClass(string name) =>
        typeof(SlowTestsTests).Assembly.GetType(name) is { } type && type.GetMethods().Any(method => method.GetCustomAttributes<FactAttribute>(inherit: true).Any());

    /// <summary>What a test uses: its own body, and everything of its class and base classes that is not a test.</summary>
    private static IEnumerable<string> UsesOf(MethodInfo test, Dictionary<string, TypeDefinition> types)
    {
        for (var type = test.ReflectedType; type is not null && types.TryGetValue(type.FullName!.Split('[')[0], out var definition); type = type.BaseType)
        {
            foreach (var used in Collections(type).Concat(UsedBy(definition, method => method.Name == test.Name || !IsTest(method))))
                yield return used;
        }
    }

    private static IEnumerable<string> Collections(Type type) =>
        type.GetInterfaces().Concat(type.GetCustomAttributesData().Select(attribute => attribute.AttributeType))
            .SelectMany(generic => generic.GenericTypeArguments).Select(argument => argument.FullName!);

    private static bool IsTest(MethodDefinition method) => method.CustomAttributes.Any(attribute => attribute.AttributeType.Name is nameof(FactAttribute) or nameof(TheoryAttribute));

    private static IEnumerable<string> UsedBy(TypeDefinition type, Func<MethodDefinition, bool>? which = null)
    {
        which ??= _ => true;
        var methods = type.Methods.Where(which).ToList();
        var left = type.Methods.Except(methods).Select(method => $"<{method.Name}>").ToList();
        return type.Fields.Where(field => !field.Name.StartsWith('<')).Select(field => field.FieldType)
            .Concat(type.BaseType is { } parent ? [parent] : [])
            .Concat(methods.SelectMany(TypesIn))
            .Select(Name)
            .Concat(type.NestedTypes.Where(nested => !left.Exists(name => nested.Name.StartsWith(name, StringComparison.Ordinal))).SelectMany(nested => UsedBy(nested)));
    }

    private static IEnumerable<TypeReference> TypesIn(MethodDefinition method) =>
        method.Parameters.Select(parameter => parameter.ParameterType).Concat(!method.HasBody ? [] : method.Body.Instructions.SelectMany(TypesIn));

    private static IEnumerable<TypeReference> TypesIn(Instruction instruction) => instruction.Operand switch
    {
        MethodReference { ReturnType: var returned, DeclaringType: var declaring } => [declaring, returned],
        FieldReference { DeclaringType: var declaring } => [declaring],
        TypeReference type => [type],
        _ => [],
    };

    private static string Name(TypeReference type) => type.GetElementType().FullName;
}
