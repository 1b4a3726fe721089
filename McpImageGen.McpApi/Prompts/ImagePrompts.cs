using System.ComponentModel;
using McpImageGen.Contracts.Models;
using ModelContextProtocol.Server;

namespace McpImageGen.McpApi.Prompts;

/// <summary>Prompts for common tasks that tell an assistant how to use the tools.</summary>
[McpServerPromptType]
internal sealed class ImagePrompts
{
    private const string ModelHelp = "The model. Default: flux-schnell.";

    [McpServerPrompt(Name = "variations", Title = "Variations of one idea")]
    [Description("Several images of one idea, to choose from.")]
    public static string Variations(
        [Description("What the images show.")] string idea,
        [Description("Number of images, 2 to 20. Default: 4.")] string? count = null,
        [Description(ModelHelp)] string? model = null) => $"""
        Generate {count ?? "4"} variations of this idea: {idea}

        First write one image prompt for the idea: subject, setting, style, light and mood, in one or two sentences. Keep everything I said and
        add only what I did not specify. Then call generate_image_and_wait once, with that prompt, model "{model ?? ImageModel.FluxSchnell}" and count {count ?? "4"}.

        Show me the prompt and every image by its image_url, numbered. Describe briefly how they differ, and ask me which one to continue with.
        """;

    [McpServerPrompt(Name = "series", Title = "A series of images")]
    [Description("Images that belong together: a story in scenes, a set of icons, the seasons of one place.")]
    public static string Series(
        [Description("What the series is about.")] string subject,
        [Description("Number of images, 2 to 20. Default: 4.")] string? count = null,
        [Description("The style of all images. Default: the assistant chooses one.")] string? style = null,
        [Description(ModelHelp)] string? model = null) => $"""
        Make a series of {count ?? "4"} images about: {subject}
        Their common style: {style ?? "choose a suitable one and tell me why"}

        1. List the {count ?? "4"} scenes in order, one line each.
        2. Write a prompt for each scene. Use the same words in every prompt for what the scenes share (style, palette, light, and the appearance of
           recurring characters), because each image is generated independently of the others.
        3. Call generate_image once for each prompt, with model "{model ?? ImageModel.FluxSchnell}". Do not wait in between.
        4. Call wait_for_completion once, with all the job_ids, in order.

        Show me the images in order by their image_url, each with its line. If one does not match the others, say so and offer to generate it again.
        """;

    [McpServerPrompt(Name = "style_study", Title = "One subject in several styles")]
    [Description("The same subject in different styles, side by side, to find the right look.")]
    public static string StyleStudy(
        [Description("What the images show.")] string subject,
        [Description("The styles, separated by commas. Default: the assistant chooses four different ones.")] string? styles = null,
        [Description(ModelHelp)] string? model = null) => $"""
        Show me one subject in several styles.
        Subject: {subject}
        Styles: {styles ?? "choose four very different ones, such as a photograph, a watercolor, a woodcut and flat vector art"}

        Describe the subject and the composition once, in one sentence, and use that sentence unchanged in every prompt; only the words about style,
        medium and light differ. Call generate_image once for each style, with model "{model ?? ImageModel.FluxSchnell}", then
        wait_for_completion once with all the job_ids.

        Show me each image by its image_url under the name of its style, describe the effect of each style on the subject, and recommend one.
        """;
}
