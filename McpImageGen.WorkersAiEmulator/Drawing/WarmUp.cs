using McpImageGen.WorkersAiEmulator.Models;

namespace McpImageGen.WorkersAiEmulator.Drawing;

/// <summary>
/// Draws small images in the background at startup, so that loading the native library and JIT compilation are not part of the first
/// request's latency, and so that the log says if images cannot be drawn.
/// </summary>
internal sealed partial class WarmUp(ILogger<WarmUp> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await Task.Run(() => DrawAll(stoppingToken), stoppingToken);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            Log.CannotDraw(logger, failure);
        }
    }

    private static void DrawAll(CancellationToken stopping)
    {
        foreach (var model in ModelTable.All)
        {
            for (var seed = 0; seed < 5 && !stopping.IsCancellationRequested; seed++)
                SampleImage.Draw(new GenerationInput(model, "", seed, 128, 128));
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "Images cannot be drawn on this system; every request will fail")]
        public static partial void CannotDraw(ILogger logger, Exception failure);
    }
}
