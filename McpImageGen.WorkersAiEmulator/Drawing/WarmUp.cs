namespace McpImageGen.WorkersAiEmulator.Drawing;

/// <summary>
/// Draws small pictures in the background at start, so that loading the native library and compiling are not part of the first
/// request's latency.
/// </summary>
internal sealed partial class WarmUp(ILogger<WarmUp> logger) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.Run(() => Draw(stoppingToken), CancellationToken.None);

    private void Draw(CancellationToken stoppingToken)
    {
        try
        {
            for (var seed = 0; seed < 12 && !stoppingToken.IsCancellationRequested; seed++)
                Painter.Draw(new Picture("warm-up", "", seed, 64, 64, (PictureFormat)(seed % 2)));
        }
        catch (Exception failure)
        {
            Log.CannotDraw(logger, failure);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "Pictures cannot be drawn here; every request will fail")]
        public static partial void CannotDraw(ILogger logger, Exception failure);
    }
}
