using System.Globalization;

namespace McpImageGen.Benchmarks;

/// <summary>Prints the measured figures, each with its limit.</summary>
internal sealed class Report
{
    public bool AllReached { get; private set; } = true;

    public void Add(string what, double measured, double limit, string unit)
    {
        var reached = measured <= limit;
        AllReached &= reached;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{(reached ? "reached" : "MISSED ")}  {what}: {measured:0.###} {unit} (at most {limit:0.###} {unit})"));
    }

    public static double Median(IEnumerable<double> figures)
    {
        var sorted = figures.Order().ToArray();
        return sorted[sorted.Length / 2];
    }
}
