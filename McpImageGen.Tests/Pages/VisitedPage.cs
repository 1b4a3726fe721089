using System.Net;
using System.Text.RegularExpressions;

namespace McpImageGen.Tests.Pages;

/// <summary>A page as it came.</summary>
/// <param name="Path">Where it was in the end.</param>
/// <param name="Status">Its status.</param>
/// <param name="Html">Its markup.</param>
public sealed partial record VisitedPage(string Path, HttpStatusCode Status, string Html)
{
    /// <summary>What is to be read: the markup, with characters instead of entities.</summary>
    public string Text => WebUtility.HtmlDecode(Html);

    /// <summary>What its form to that address holds where nobody types.</summary>
    public Dictionary<string, string> HiddenFields(string address)
    {
        var form = Assert.Single(Forms().Matches(Html), form => (form.Groups["action"] is { Success: true, Value: var action } ? action.Split('?')[0] : Path) == address);
        return HiddenField().Matches(form.Value).ToDictionary(field => field.Groups["name"].Value, field => WebUtility.HtmlDecode(field.Groups["value"].Value));
    }

    [GeneratedRegex("<form [^>]*?(action=\"(?<action>[^\"]*)\"[^>]*)?>.*?</form>", RegexOptions.Singleline)]
    private static partial Regex Forms();

    [GeneratedRegex("<input type=\"hidden\" name=\"(?<name>[^\"]*)\" value=\"(?<value>[^\"]*)\"")]
    private static partial Regex HiddenField();
}
