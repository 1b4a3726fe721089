namespace McpImageGen.Contracts;

/// <summary>Why a job waits for another try: stable codes, as <see cref="FailureCode"/> has them for jobs that failed for good.</summary>
public static class TransientCode
{
    /// <summary>The account asked more often than it may.</summary>
    public const string RateLimited = "rate_limited";

    /// <summary>The model has no free machine at the moment.</summary>
    public const string CapacityExceeded = "capacity_exceeded";

    /// <summary>The account's neurons of the day are used up until 00:00 UTC.</summary>
    public const string QuotaUsedUp = "quota_used_up";

    /// <summary>The provider failed on its side.</summary>
    public const string ProviderError = "provider_error";

    /// <summary>The provider, or this worker waiting for it, ran out of time.</summary>
    public const string ProviderTimeout = "provider_timeout";

    /// <summary>The provider could not be reached, or the connection broke.</summary>
    public const string ConnectionLost = "connection_lost";

    /// <summary>The provider answered with success and without a whole image.</summary>
    public const string BrokenAnswer = "broken_answer";

    /// <summary>The image could not be stored, or the images to start from could not be read.</summary>
    public const string ImageStoreUnavailable = "image_store_unavailable";

    /// <summary>The image store does not permit images to be stored: an operator has to correct that.</summary>
    public const string ImageStoreRefused = "image_store_refused";
}
