namespace McpImageGen.McpApi.Tools;

/// <summary>Descriptions of arguments that several tools share. The published schema adds the limits and the default of each argument.</summary>
internal static class ArgumentHelp
{
    public const string Prompt = "What the image shows: subject, style, light.";
    public const string Count = "Number of images.";
    public const string IdempotencyKey = "Within 24 hours, the same key returns the same jobs.";
    public const string JobId = "Job id (UUID).";
    public const string Timeout = "Seconds to wait. Default: less than clients' usual limit.";
    public const string Inline = "Attach previews of the images.";
}
