using System.Text;
using System.Text.RegularExpressions;
using McpImageGen.Jobs;
using McpImageGen.McpApi.Application;

namespace McpImageGen.McpApi.Pages.Gallery;

/// <summary>The file name of a downloaded image, derived from the prompt.</summary>
internal static partial class ImageFileName
{
    private const int MaxPromptLength = 60;

    /// <summary>File systems allow 255 bytes, and a character of some scripts has a dozen of them.</summary>
    private const int MaxBytesOfPrompt = 200;
    private const int MaxIdLength = 6;

    public static string Of(GenerationJob job)
    {
        var name = NoPartOfAWord().Replace(job.Prompt, "-").Trim('-');
        for (var max = MaxPromptLength; TextLength.Of(name) > MaxPromptLength || Encoding.UTF8.GetByteCount(name) > MaxBytesOfPrompt; max--)
            name = TextLength.Cut(name, max).TrimEnd('-');

        // Images with the same prompt must get different names.
        return $"{(name.Length == 0 ? "image" : name)}-{job.Id.ToString("n")[^MaxIdLength..]}{job.ImageKey?.Extension}";
    }

    // Marks belong to their letters, and joiners decide how letters of some scripts look.
    [GeneratedRegex(@"[^\p{L}\p{M}\p{N}\u200C\u200D]+")]
    private static partial Regex NoPartOfAWord();
}
