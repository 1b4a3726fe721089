namespace McpImageGen.GenerationWorker.WorkersAi;

/// <summary>A call to Workers AI gave no image. Its message is the failure's, fit for the job's owner.</summary>
public sealed class WorkersAiException(WorkersAiFailure failure, Exception? innerException = null)
    : Exception(failure.Message, innerException)
{
    public WorkersAiFailure Failure { get; } = failure;
}
