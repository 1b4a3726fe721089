using System.Text.Json;
using McpImageGen.Tests.Clients;
using Microsoft.Playwright;

namespace McpImageGen.Tests.Pages.Browser;

/// <summary>What axe-core finds on a page.</summary>
public static class Accessibility
{
    /// <summary>Holds the page, as it is shown now, against the rules of WCAG 2 (A and AA) and of good practice.</summary>
    public static async Task<IEnumerable<string>> FindingsAsync(IPage page)
    {
        await page.EvaluateAsync(await File.ReadAllTextAsync(ClientProgram.FileOf("axe-core", "axe.min.js"), TestContext.Current.CancellationToken));
        var result = await page.EvaluateAsync<JsonElement>("axe.run(document, { resultTypes: ['violations'] })");

        Assert.NotEqual(0, result.GetProperty("passes").GetArrayLength());
        return
            from violation in result.GetProperty("violations").EnumerateArray()
            from node in violation.GetProperty("nodes").EnumerateArray()
            select $"{violation.GetProperty("impact")}: {violation.GetProperty("help")}: {node.GetProperty("html")} {node.GetProperty("failureSummary")}";
    }
}
