using McpImageGen.Standalone;
using McpImageGen.Standalone.Embedded;
using McpImageGen.Standalone.Stdio;

try
{
    if (CommandLine.AsksForHelp(args))
    {
        Console.WriteLine(CommandLine.Help);
        return 0;
    }

    UnixFiles.CreatePrivately();
    var settings = CommandLine.WithoutStdio(args);
    CommandLine.Check(settings);
    if (CommandLine.AsksForStdio(args))
    {
        await StdioRelay.RunAsync(settings);
        return 0;
    }

    await using var server = await StandaloneServer.StartAsync(args);
    Console.WriteLine(StartMessage.Of(server));
    await server.WaitForStopRequestAsync();
    return 0;
}
catch (Exception exception) when (StartFailure.Explain(exception) is { } line)
{
    await Console.Error.WriteLineAsync("McpImageGen cannot start: " + line);
    return 1;
}
