namespace McpImageGen.Contracts;

/// <summary>Stable error codes for jobs that are pending after a transient failure. <see cref="FailureCode"/> has the codes of jobs that failed.</summary>
public static class TransientCode
{
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

    /// <summary>The image could not be stored, or the input images could not be read.</summary>
    public const string ImageStoreUnavailable = "image_store_unavailable";

    /// <summary>The image store does not permit images to be stored: an operator has to correct that.</summary>
    public const string ImageStoreRefused = "image_store_refused";
}
