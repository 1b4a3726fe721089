using System.Globalization;

namespace McpImageGen.WorkersAiEmulator.Models;

/// <summary>The values of a request, validated against its model's schema.</summary>
internal sealed class GenerationInput(EmulatedModel model, IReadOnlyDictionary<string, object> values)
{
    public GenerationInput(EmulatedModel model, string prompt, long seed, long width, long height)
        : this(model, new Dictionary<string, object> { ["prompt"] = prompt, ["seed"] = seed, ["width"] = width, ["height"] = height })
    {
    }

    public EmulatedModel Model => model;

    public string Prompt => (string)values["prompt"];

    /// <summary>Fixed if the request has none: equal requests then give equal images, as with some providers and with every cache.</summary>
    public long Seed => Integer("seed") ?? 0;

    public int Width => Side("width", model.Width);

    public int Height => Side("height", model.Height);

    public int Steps => (int)(Integer("steps") ?? Integer("num_steps") ?? model.Steps);

    public int InputImages => values.Values.OfType<byte[]>().Count();

    // Two models accept a side of 0; what they then generate is not documented, so it is treated as the default.
    private int Side(string name, int usual) => Integer(name) is { } side and > 0 ? (int)side : usual;

    private long? Integer(string name) => values.TryGetValue(name, out var value) ? Convert.ToInt64(value, CultureInfo.InvariantCulture) : null;
}
