using System.Globalization;

namespace McpImageGen.WorkersAiEmulator.Models;

/// <summary>The values of a request that its model's schema has accepted.</summary>
internal sealed class GenerationInput(EmulatedModel model, IReadOnlyDictionary<string, object> values)
{
    public EmulatedModel Model => model;

    public string Prompt => (string)values["prompt"];

    /// <summary>A fixed one when the request has none: the same request then gives the same image, as some providers and all caches do.</summary>
    public long Seed => Integer("seed") ?? 0;

    public int Width => Side("width", model.Width);

    public int Height => Side("height", model.Height);

    public int Steps => (int)(Integer("steps") ?? Integer("num_steps") ?? model.Steps);

    public int InputImages => values.Values.OfType<byte[]>().Count();

    // Two models allow a side of 0; nobody knows what they draw then, so it means the default.
    private int Side(string name, int usual) => Integer(name) is { } side and > 0 ? (int)side : usual;

    private long? Integer(string name) => values.TryGetValue(name, out var value) ? Convert.ToInt64(value, CultureInfo.InvariantCulture) : null;
}
