namespace McpImageGen.WorkersAiEmulator.Drawing;

/// <summary>
/// Draws small images in the background at startup, so that loading the native library and JIT compilation are not part of the first
/// request's latency.
/// </summary>
internal sealed partial class WarmUp(ILogger<WarmUp> logger) : BackgroundService
{
    /// <summary>
    /// The runtime optimizes a method after it has been called often and no new method was compiled for 100 ms, in two tiers. Drawing a few
    /// small images repeatedly costs almost nothing and reaches that state in about a second. Cold code takes five times as long per image.
    /// </summary>
    public static async Task DrawAsync(CancellationToken cancellationToken)
    {
        for (var round = 0; round < 8; round++)
        {
            await Task.Run(() => DrawSmall(round), cancellationToken);
            await Task.Delay(TimeSpan.FromMilliseconds(150), cancellationToken);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await DrawAsync(stoppingToken);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            Log.CannotDraw(logger, failure);
        }
    }

    private static void DrawSmall(int round)
    {
        for (var number = 0; number < 6; number++)
        {
            var format = number == 0 ? PictureFormat.Png : PictureFormat.Jpeg;
            Painter.Draw(new Picture("warm-up", "", (round * 6) + number, 128, 128, format));
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "Images cannot be drawn on this system; every request will fail")]
        public static partial void CannotDraw(ILogger logger, Exception failure);
    }
}
