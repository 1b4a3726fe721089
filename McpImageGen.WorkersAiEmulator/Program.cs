using McpImageGen.WorkersAiEmulator.Drawing;

return DrawCommand.Run(args[1..]);
