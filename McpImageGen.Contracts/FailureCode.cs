namespace McpImageGen.Contracts;

/// <summary>Stable error codes for jobs that ended without an image. Programs can act on the code; the message next to it is for people.</summary>
public static class FailureCode
{
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
}
