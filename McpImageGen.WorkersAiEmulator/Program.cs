using McpImageGen.WorkersAiEmulator;
using McpImageGen.WorkersAiEmulator.Drawing;

if (args is [DrawCommand.Name, .. var settings])
{
    await DrawCommand.RunAsync(settings);
    return 0;
}

try
{
    await EmulatorHost.Build(args).RunAsync();
    return 0;
}
catch (Exception failure)
{
    await Console.Error.WriteLineAsync($"The emulator cannot start: {failure.Message.ReplaceLineEndings(" ")}");
    return 1;
}
