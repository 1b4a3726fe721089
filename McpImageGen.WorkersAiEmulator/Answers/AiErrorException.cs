namespace McpImageGen.WorkersAiEmulator.Answers;

/// <summary>Ends a request with an error that a real Workers AI would give.</summary>
internal sealed class AiErrorException(AiError error) : Exception(error.Message)
{
    public AiError Error => error;
}
