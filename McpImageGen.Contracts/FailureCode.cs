namespace McpImageGen.Contracts;

/// <summary>Why a job ended without an image: stable codes that programs can act on. The message beside a code is for people.</summary>
public static class FailureCode
{
    /// <summary>The provider refused the prompt. Change the prompt.</summary>
    public const string PromptRejected = "prompt_rejected";

    /// <summary>The provider drew an image and withheld it. Change the prompt.</summary>
    public const string OutputRejected = "output_rejected";

    /// <summary>The provider responded several times with success but without a usable image. Choose another model, or tell the operator.</summary>
    public const string OutputUnusable = "output_unusable";

    /// <summary>The provider refused the request as malformed, or a parameter as out of range.</summary>
    public const string InvalidRequest = "invalid_request";

    /// <summary>The request was larger than the provider takes.</summary>
    public const string RequestTooLarge = "request_too_large";

    /// <summary>An image that the job starts from was removed, or cannot be read. Start from another one.</summary>
    public const string InputImageUnusable = "input_image_unusable";

    /// <summary>The provider has no such model. Choose another one.</summary>
    public const string ModelUnavailable = "model_unavailable";

    /// <summary>The provider refused this server's credentials, permissions or plan. The operator must act.</summary>
    public const string CredentialsRejected = "credentials_rejected";

    /// <summary>The provider went on failing until the job was too old to try again. Submit it again later.</summary>
    public const string ProviderUnavailable = "provider_unavailable";

    /// <summary>The workers that took the job died each time. Submit it again, and tell the operator.</summary>
    public const string WorkersLost = "workers_lost";

    /// <summary>Its owner cancelled it.</summary>
    public const string Cancelled = "cancelled";
}
