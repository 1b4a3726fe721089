using System.Text.RegularExpressions;
using McpImageGen.Jobs;

namespace McpImageGen.McpApi.Pages.Gallery;

/// <summary>The file name of a downloaded image, derived from the prompt.</summary>
internal static partial class ImageFileName
{
    private const int MostOfPrompt = 60;
    private const int MostOfId = 6;

    public static string Of(GenerationJob job)
    {
        var words = NeitherLetterNorDigit().Replace(job.Prompt, "-").Trim('-');
        var name = words.Length <= MostOfPrompt ? words : words[..MostOfPrompt].TrimEnd('-');

        // Images with the same prompt must get different names.
        return $"{(name.Length == 0 ? "image" : name)}-{job.Id.ToString("n")[^MostOfId..]}{Path.GetExtension(job.ImageKey)}";
    }

    [GeneratedRegex(@"[^\p{L}\p{N}]+")]
    private static partial Regex NeitherLetterNorDigit();
}
