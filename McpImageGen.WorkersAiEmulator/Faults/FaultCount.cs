using System.Globalization;

namespace McpImageGen.WorkersAiEmulator.Faults;

/// <summary>A fault and how often it occurs: <c>NAME*COUNT</c>, or <c>NAME</c> alone.</summary>
internal sealed record FaultCount(Fault Fault, int? Count)
{
    /// <summary>Null if the name is unknown or the count is less than 1.</summary>
    public static FaultCount? Parse(string text)
    {
        var parts = text.Trim().Split('*');
        if (FaultTable.Find(parts[0].Trim()) is not { } fault || parts.Length > 2)
            return null;
        if (parts.Length == 1)
            return new FaultCount(fault, null);
        return int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count > 0 ? new FaultCount(fault, count) : null;
    }
}
