using System.Diagnostics;
using System.Globalization;

namespace McpImageGen.WorkersAiEmulator.Drawing;

/// <summary>
/// <c>draw --count 20 --out DIR [--size 1024x1024] [--format jpeg|png]</c>: draws that many images concurrently, prints how long it
/// took, and saves them to the folder.
/// </summary>
internal static class DrawCommand
{
    public const string Name = "draw";

    public static async Task<int> RunAsync(string[] args)
    {
        var settings = new ConfigurationBuilder().AddCommandLine(args).Build();
        var count = int.Parse(settings["count"] ?? "20", CultureInfo.InvariantCulture);
        var size = (settings["size"] ?? "1024x1024").Split('x').Select(side => int.Parse(side, CultureInfo.InvariantCulture)).ToArray();
        var format = Enum.Parse<PictureFormat>(settings["format"] ?? nameof(PictureFormat.Jpeg), ignoreCase: true);
        var pictures = Enumerable.Range(1, count)
            .Select(number => new Picture("draw", $"picture {number}", number, size[0], size[1], format))
            .ToArray();

        var start = Stopwatch.StartNew();
        Painter.Draw(pictures[0] with { Width = 128, Height = 128 });
        Console.WriteLine($"first image (small): {start.ElapsedMilliseconds} ms");
        var before = Environment.CpuUsage.TotalTime;
        await WarmUp.DrawAsync(CancellationToken.None);
        Console.WriteLine($"rest of the warm-up: {(Environment.CpuUsage.TotalTime - before).TotalMilliseconds:F0} ms CPU time");

        for (var round = 1; round <= 3; round++)
        {
            before = Environment.CpuUsage.TotalTime;
            var elapsed = DrawAll(pictures);
            var each = (Environment.CpuUsage.TotalTime - before).TotalMilliseconds / count;
            Console.WriteLine(
                $"{count} images {size[0]}×{size[1]} {format}, round {round}: {elapsed.TotalMilliseconds:F0} ms, {each:F1} ms CPU time each");
        }

        if (settings["out"] is { } folder)
            Write(pictures, folder);
        return 0;
    }

    private static TimeSpan DrawAll(Picture[] pictures)
    {
        var clock = Stopwatch.StartNew();
        Parallel.ForEach(pictures, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, picture => Painter.Draw(picture));
        return clock.Elapsed;
    }

    private static void Write(Picture[] pictures, string folder)
    {
        Directory.CreateDirectory(folder);
        for (var number = 1; number <= pictures.Length; number++)
        {
            var extension = pictures[number - 1].Format == PictureFormat.Jpeg ? "jpg" : "png";
            File.WriteAllBytes(Path.Combine(folder, $"{number:D2}.{extension}"), Painter.Draw(pictures[number - 1]));
        }
    }
}
