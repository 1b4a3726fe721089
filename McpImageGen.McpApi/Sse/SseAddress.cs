namespace McpImageGen.McpApi.Sse;

/// <summary>Identifies an open stream. The owner is part of the address, so no owner can post to a stream of another owner.</summary>
/// <param name="Owner">The owner of the stream.</param>
/// <param name="Session">A random id that is created when the stream is opened.</param>
public readonly record struct SseAddress(string Owner, Guid Session);
