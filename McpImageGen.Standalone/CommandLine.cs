namespace McpImageGen.Standalone;

/// <summary>The command line: a few options, and any setting as <c>--Section:Name=value</c>.</summary>
internal static class CommandLine
{
    private const string Stdio = "--stdio";

    private static readonly string[] Options = ["data", "urls", "AUTH_TOKEN", "AllowedHosts"];

    public static string Help => $"""
        An MCP server that generates images, in a single process.

        Usage: dotnet run --project McpImageGen.Standalone [-- OPTIONS]

          --data DIR    the folder for jobs, images and the token ({Embedded.DataFolder.DefaultPath ?? "no default for this user"})
          --urls URL    the address to listen on ({StandaloneServer.DefaultUrl})
          --stdio       serve MCP over standard input and output, for clients that start the server
          --help        show this text

        Settings, as environment variables (or as --Section:Name=value):
          AUTH_TOKEN                                     the bearer token (default: generated at the first start)
          WorkersAi__AccountId, WorkersAi__ApiToken      Cloudflare Workers AI; without them an emulator draws sample images
          Emulator__Latency                              how long the emulator takes per image (00:00:01)
          Images__PublicBaseUrl                          the base address of image links (default: the address of the request)
        All settings: docs/settings.md
        """;

    /// <summary>
    /// The folder given by <c>--data</c>. It can only be set on the command line: a variable DATA may belong to another program.
    /// </summary>
    public static string? DataFolder(string[] args) => new ConfigurationBuilder().AddCommandLine(args).Build()["data"];

    public static bool AsksForHelp(string[] args) => args.Any(argument => argument is "--help" or "-h" or "-?" or "/?");

    /// <summary>Whether to serve MCP over standard input and output.</summary>
    public static bool AsksForStdio(string[] args) => args.Contains(Stdio);

    public static string[] WithoutStdio(string[] args) => [.. args.Where(argument => argument != Stdio)];

    /// <summary>Rejects options that would otherwise be silently ignored.</summary>
    /// <exception cref="StartFailure">An option is unknown or has no value.</exception>
    public static void Check(string[] args)
    {
        for (var i = 0; i < args.Length; i++)
        {
            var name = args[i].Split('=')[0];
            var isSetting = name.StartsWith("--", StringComparison.Ordinal)
                && (Options.Contains(name[2..]) || name.Contains(':') || name.Contains("__"));
            if (!isSetting)
                throw new StartFailure($"Unknown option '{args[i]}'. Run with --help to list the options.");
            if (!args[i].Contains('=') && (++i == args.Length || args[i].StartsWith("--", StringComparison.Ordinal)))
                throw new StartFailure($"The option {name} requires a value.");
        }
    }
}
