using McpImageGen.WorkersAiEmulator;
using McpImageGen.WorkersAiEmulator.Drawing;
using Microsoft.Extensions.Options;

if (args is [DrawCommand.Name, .. var settings])
    return DrawCommand.Run(settings);

try
{
    await EmulatorHost.Build(args).RunAsync();
    return 0;
}
catch (Exception wrongSetting) when (wrongSetting is OptionsValidationException or InvalidOperationException or IOException or FormatException)
{
    await Console.Error.WriteLineAsync($"The emulator cannot start: {wrongSetting.Message.ReplaceLineEndings(" ")}");
    return 1;
}
