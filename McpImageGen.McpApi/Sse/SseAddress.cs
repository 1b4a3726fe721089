namespace McpImageGen.McpApi.Sse;

/// <summary>Where messages of a client go that has a stream open. The owner is part of it, so nobody can post to another's stream.</summary>
/// <param name="Owner">Whose stream it is.</param>
/// <param name="Session">Which one; random, made when the stream was opened.</param>
public readonly record struct SseAddress(string Owner, Guid Session);
