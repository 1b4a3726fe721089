namespace McpImageGen.GenerationWorker.WorkersAi;

/// <summary>A call to Workers AI returned no image. The message is the failure's message and can be shown to the job's owner.</summary>
public sealed class WorkersAiException(WorkersAiFailure failure, Exception? innerException = null)
    : Exception(failure.Message, innerException)
{
    public WorkersAiFailure Failure { get; } = failure;
}
