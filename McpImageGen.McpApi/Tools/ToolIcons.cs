using System.Text;
using ModelContextProtocol.Protocol;

namespace McpImageGen.McpApi.Tools;

/// <summary>The icons of tools that make, look at and remove images: drawn for both light and dark, and part of the answer, so that no client fetches them.</summary>
internal static class ToolIcons
{
    private static readonly Icon Make = Drawn("<rect x='3' y='5' width='18' height='14' rx='2'/><path d='m3 16 5-5 4 4 3-3 6 6'/><circle cx='16' cy='9' r='1.5'/>");
    private static readonly Icon Look = Drawn("<path d='M2 12s4-6 10-6 10 6 10 6-4 6-10 6-10-6-10-6z'/><circle cx='12' cy='12' r='3'/>");
    private static readonly Icon Remove = Drawn("<path d='M4 7h16M9 7V4h6v3M6 7l1 13h10l1-13M10 11v5M14 11v5'/>");

    /// <summary>The icon of a tool, by what it does.</summary>
    public static Icon Of(Tool tool) => tool.Annotations switch
    {
        { ReadOnlyHint: true } => Look,
        { DestructiveHint: true } => Remove,
        _ => Make,
    };

    private static Icon Drawn(string shapes)
    {
        var svg = $"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 24 24' fill='none' stroke='#6b7fd7' stroke-width='2' "
            + $"stroke-linecap='round' stroke-linejoin='round'>{shapes}</svg>";
        return new Icon
        {
            Source = "data:image/svg+xml;base64," + Convert.ToBase64String(Encoding.UTF8.GetBytes(svg)),
            MimeType = "image/svg+xml",
            Sizes = ["any"],
        };
    }
}
