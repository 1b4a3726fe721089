namespace McpImageGen.McpApi.Pages;

/// <summary>The paths of the pages, without the path base.</summary>
internal static class PagePaths
{
    public const string Gallery = "/gallery";
    public const string Generate = Gallery + "/generate";
    public const string SignIn = Gallery + "/sign-in";
    public const string SignOut = Gallery + "/sign-out";

    /// <summary>The page of a job.</summary>
    public static string OfJob(Guid id) => $"{Gallery}/{id}";
}
