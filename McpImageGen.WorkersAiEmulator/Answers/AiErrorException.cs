namespace McpImageGen.WorkersAiEmulator.Answers;

/// <summary>Fails a request with an error that the real Workers AI would return.</summary>
internal sealed class AiErrorException(AiError error) : Exception(error.Message)
{
    public AiError Error => error;
}
