using McpImageGen.Standalone;

try
{
    if (CommandLine.AsksForHelp(args))
    {
        Console.WriteLine(CommandLine.Help);
        return 0;
    }

    CommandLine.Check(args);
    await using var server = await StandaloneServer.StartAsync(args);
    Console.WriteLine(StartMessage.Of(server));
    await server.WaitForStopRequestAsync();
    return 0;
}
catch (Exception exception) when (StartFailure.Explain(exception) is { } line)
{
    await Console.Error.WriteLineAsync("McpImageGen can't start: " + line);
    return 1;
}
