namespace McpImageGen.Contracts;

/// <summary>
/// All error codes. They are stable: programs can act on the code; the message next to it is for people. A request that was not carried out has one of
/// the first group and changed nothing. A failed job has one of the second group, and a pending job that is retried one of the third.
/// </summary>
public static class ErrorCode
{
    /// <summary>An argument is missing or not allowed. The error names the argument and what is allowed: correct it and send the request again.</summary>
    public const string InvalidArgument = "invalid_argument";

    /// <summary>The job does not exist, or belongs to another owner. Use an id that a tool returned.</summary>
    public const string NotFound = "not_found";

    /// <summary>The owner has too many unfinished jobs. Wait until some of them are finished.</summary>
    public const string TooManyJobs = "too_many_jobs";

    /// <summary>The idempotency key was used with other arguments. Use another key.</summary>
    public const string IdempotencyConflict = "idempotency_conflict";

    /// <summary>An unfinished job cannot be deleted. Cancel it first, or wait for it.</summary>
    public const string JobUnfinished = "job_unfinished";

    /// <summary>The image is damaged, or the server cannot read it. The operator must check the image store.</summary>
    public const string ImageUnreadable = "image_unreadable";

    /// <summary>The database is unavailable. Accepted jobs are not lost; send the request again a few seconds later.</summary>
    public const string DatabaseUnavailable = "database_unavailable";

    /// <summary>An unexpected error on the server. Accepted jobs are not lost; send the request again a few seconds later.</summary>
    public const string InternalError = "internal_error";

    /// <summary>The provider rejected the prompt. Change the prompt.</summary>
    public const string PromptRejected = "prompt_rejected";

    /// <summary>The provider generated an image but withheld it. Change the prompt.</summary>
    public const string OutputRejected = "output_rejected";

    /// <summary>The provider responded several times with success but without a usable image. Choose another model, or tell the operator.</summary>
    public const string OutputUnusable = "output_unusable";

    /// <summary>The provider rejected the request as malformed, or a parameter as out of range.</summary>
    public const string InvalidRequest = "invalid_request";

    /// <summary>The request was larger than the provider accepts.</summary>
    public const string RequestTooLarge = "request_too_large";

    /// <summary>An input image of the job was deleted or cannot be read. Use another image.</summary>
    public const string InputImageUnusable = "input_image_unusable";

    /// <summary>The provider does not have the model. Choose another model.</summary>
    public const string ModelUnavailable = "model_unavailable";

    /// <summary>The provider rejected this server's credentials, permissions or plan. The operator must fix this.</summary>
    public const string CredentialsRejected = "credentials_rejected";

    /// <summary>The provider kept failing until the job was too old to retry. Submit it again later.</summary>
    public const string ProviderUnavailable = "provider_unavailable";

    /// <summary>Each worker that claimed the job died. Submit it again, and tell the operator.</summary>
    public const string WorkersLost = "workers_lost";

    /// <summary>The owner cancelled the job.</summary>
    public const string Cancelled = "cancelled";

    /// <summary>The job was deleted after the first call with the same idempotency key. Use another key.</summary>
    public const string Deleted = "deleted";

    /// <summary>The account exceeded its rate limit.</summary>
    public const string RateLimited = "rate_limited";

    /// <summary>The model has no free capacity at the moment.</summary>
    public const string CapacityExceeded = "capacity_exceeded";

    /// <summary>The account has used up its daily quota of neurons; it is reset at 00:00 UTC.</summary>
    public const string QuotaUsedUp = "quota_used_up";

    /// <summary>The provider returned a server error.</summary>
    public const string ProviderError = "provider_error";

    /// <summary>The provider reported a timeout, or did not answer within the worker's time limit.</summary>
    public const string ProviderTimeout = "provider_timeout";

    /// <summary>The provider could not be reached, or the connection broke.</summary>
    public const string ConnectionLost = "connection_lost";

    /// <summary>The provider reported success but did not return a complete image.</summary>
    public const string BrokenAnswer = "broken_answer";

    /// <summary>The image store is unavailable: the image could not be stored, read or deleted. A request can be repeated a few seconds later.</summary>
    public const string ImageStoreUnavailable = "image_store_unavailable";

    /// <summary>The image store does not permit images to be stored: an operator has to correct that.</summary>
    public const string ImageStoreRefused = "image_store_refused";
}
