using System.Diagnostics;
using System.Globalization;
using McpImageGen.WorkersAiEmulator.Models;

namespace McpImageGen.WorkersAiEmulator.Drawing;

/// <summary>
/// <c>draw [--count 20] [--size 1024x1024] [--model NAME] [--out DIR]</c>: draws that many images, one per processor at a time, prints
/// how long it took, and saves them to the folder. The first round includes loading the native library and JIT compilation.
/// </summary>
internal static class DrawCommand
{
    public const string Name = "draw";

    public static async Task RunAsync(string[] args)
    {
        var settings = new ConfigurationBuilder().AddCommandLine(args).Build();
        var count = settings.GetValue("count", 20);
        var size = (settings["size"] ?? "1024x1024").Split('x').Select(side => long.Parse(side, CultureInfo.InvariantCulture)).ToArray();
        var model = ModelTable.Find(settings["model"] ?? "@cf/black-forest-labs/flux-1-schnell") ?? throw new ArgumentException("Unknown model.");
        var inputs = Enumerable.Range(1, count)
            .Select(number => new GenerationInput(model, $"image {number}", number, size[0], size[1]))
            .ToArray();

        var images = new byte[count][];
        for (var round = 1; round <= 4; round++)
        {
            var (clock, before) = (Stopwatch.StartNew(), Environment.CpuUsage.TotalTime);
            Parallel.For(0, count, new() { MaxDegreeOfParallelism = Environment.ProcessorCount }, i => images[i] = SampleImage.Draw(inputs[i]));
            var each = (Environment.CpuUsage.TotalTime - before).TotalMilliseconds / count;
            Console.WriteLine(
                $"{count} images {size[0]}×{size[1]} {model.Format}, round {round}: {clock.ElapsedMilliseconds} ms, {each:F1} ms CPU time each");
        }

        if (settings["out"] is not { } folder)
            return;
        Directory.CreateDirectory(folder);
        for (var i = 0; i < count; i++)
            await File.WriteAllBytesAsync(Path.Combine(folder, $"{i + 1:D2}.{model.Format.ToString().ToLowerInvariant()}"), images[i]);
    }
}
