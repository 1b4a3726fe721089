namespace McpImageGen.McpApi.Tools;

/// <summary>Descriptions of arguments that several tools share. The published schema adds the limits and the default of each argument.</summary>
internal static class ArgumentHelp
{
    public const string Prompt = "What the image shows: subject, style, light.";
    public const string Count = "Number of images.";
    public const string Seed = "Same seed, same image. Default: random.";
    public const string Width = "Width in pixels.";
    public const string Height = "Height in pixels.";
    public const string Steps = "More steps take longer and add detail.";
    public const string NegativePrompt = "What the image must not show.";
    public const string Guidance = "How closely the image follows the prompt.";
    public const string IdempotencyKey = "Repeating a call with the same key within 24 hours returns the same jobs.";
    public const string JobId = "Job id (UUID).";
    public const string Timeout = "Seconds to wait. Default: below the usual time limit of clients.";
    public const string Inline = "Attach previews of the images.";
}
