using McpImageGen.McpApi.Results;

namespace McpImageGen.McpApi.Tools;

/// <summary>The records of a tool's results, from which its output schema is made. Every tool can also return an error.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal class ReturnsAttribute(params Type[] results) : Attribute
{
    public IReadOnlyList<Type> Results => results;
}

/// <summary>The tool returns the result of a wait.</summary>
internal sealed class ReturnsWaitResultAttribute()
    : ReturnsAttribute(typeof(CompletedResult), typeof(FailedResult), typeof(AllCompletedResult), typeof(SomeFailedResult), typeof(UnfinishedResult));
