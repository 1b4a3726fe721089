namespace McpImageGen.McpApi.Tools;

/// <summary>What tools say of arguments that several of them have. Which model takes what is said beside the model.</summary>
internal static class ArgumentHelp
{
    public const string Prompt = "What the image should show, 3 to 1000 characters. Concrete subjects, style, light and mood help.";
    public const string Count = "How many images of this one prompt, generated in parallel, 1 to 20.";
    public const string Seed = "The same seed, prompt and parameters give the same image again. Of several images each takes the next seed. Leave it out for chance.";
    public const string Width = "Pixels. Leave it out for the model's own width.";
    public const string Height = "Pixels. Leave it out for the model's own height.";
    public const string Steps = "More steps are slower and finer. Leave it out for the model's own number.";
    public const string NegativePrompt = "What the image should not show, up to 1000 characters.";
    public const string Guidance = "How closely the image follows the prompt. Leave it out for the model's own measure.";
    public const string IdempotencyKey = "A text of your own, 1 to 200 characters: a call with the same key and the same arguments within 24 h starts nothing new and gives the same jobs, so it can be repeated safely.";
}
