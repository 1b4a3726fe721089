namespace McpImageGen.Jobs.Lifecycle;

/// <summary>A job that this worker holds: nobody else may finish it while the claim stands.</summary>
/// <param name="Id">The job's id.</param>
/// <param name="Claim">The fence, 128 random bits.</param>
/// <param name="ClaimedAt">Unix milliseconds.</param>
/// <param name="LeaseUntil">Unix milliseconds; then another worker may take the job over.</param>
/// <param name="RetryUntil">Unix milliseconds; after that a transient failure is final.</param>
/// <param name="Attempts">This attempt included.</param>
/// <param name="OutputRejections">How often the provider withheld its output before.</param>
/// <param name="UnusableAnswers">How often the provider responded with success but without a usable image before.</param>
/// <param name="CreatedAt">When it was submitted, Unix milliseconds by the API's clock.</param>
/// <param name="Model">The model's public name.</param>
public sealed record ClaimedJob(
    Guid Id, Guid Claim, long ClaimedAt, long LeaseUntil, long RetryUntil, int Attempts, int OutputRejections,
    int UnusableAnswers, long CreatedAt, string Model);
