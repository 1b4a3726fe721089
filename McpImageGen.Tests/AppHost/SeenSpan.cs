namespace McpImageGen.Tests.AppHost;

/// <summary>A span as the dashboard has it.</summary>
/// <param name="Service">The resource that sent it, such as <c>mcp-api</c>.</param>
/// <param name="Source">The library that made it, such as <c>Npgsql</c>.</param>
/// <param name="Name">What was done.</param>
/// <param name="Id">Its id within the trace.</param>
/// <param name="Parent">The id of the span that it is part of.</param>
internal sealed record SeenSpan(string Service, string Source, string Name, string Id, string? Parent);
