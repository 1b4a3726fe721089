namespace McpImageGen.WorkersAiEmulator.Drawing;

internal enum PictureFormat
{
    Jpeg,
    Png,
}
