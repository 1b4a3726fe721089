namespace McpImageGen.Standalone;

/// <summary>The command line: a few options of its own, and any setting as <c>--Section:Name=value</c>.</summary>
internal static class CommandLine
{
    private const string Stdio = "--stdio";

    private static readonly string[] Options = ["data", "urls", "AUTH_TOKEN", "AllowedHosts"];

    public static string Help => $"""
        An MCP server that generates images, whole in one process.

        Usage: dotnet run --project McpImageGen.Standalone [-- OPTIONS]

          --data DIR    where jobs, images and the token are kept ({Embedded.DataFolder.DefaultPath ?? "no default for this user"})
          --urls URL    where to listen ({StandaloneServer.DefaultUrl})
          --stdio       for clients that start their server: MCP over standard input and output
          --help        this text

        Settings, as environment variables (or as --Section:Name=value):
          AUTH_TOKEN                                     the bearer token; default: one made at the first start
          WorkersAi__AccountId, WorkersAi__ApiToken      Cloudflare Workers AI; without them an emulator draws sample pictures
          Emulator__Latency                              how long the emulator takes for a picture (00:00:01)
          Images__PublicBaseUrl                          what image links start with (the address of the request)
        All of them: docs/settings.md
        """;

    /// <summary>The folder that <c>--data</c> names. Only the command line does: a variable DATA may be any program's.</summary>
    public static string? DataFolder(string[] args) => new ConfigurationBuilder().AddCommandLine(args).Build()["data"];

    public static bool AsksForHelp(string[] args) => args.Any(argument => argument is "--help" or "-h" or "-?" or "/?");

    /// <summary>Whether the client speaks over standard input and output.</summary>
    public static bool AsksForStdio(string[] args) => args.Contains(Stdio);

    public static string[] WithoutStdio(string[] args) => [.. args.Where(argument => argument != Stdio)];

    /// <summary>Refuses what would be ignored silently.</summary>
    /// <exception cref="StartFailure">An unknown option, or one without its value.</exception>
    public static void Check(string[] args)
    {
        for (var i = 0; i < args.Length; i++)
        {
            var name = args[i].Split('=')[0];
            var isSetting = name.StartsWith("--", StringComparison.Ordinal)
                && (Options.Contains(name[2..]) || name.Contains(':') || name.Contains("__"));
            if (!isSetting)
                throw new StartFailure($"'{args[i]}' is no option; --help lists them.");
            if (!args[i].Contains('=') && (++i == args.Length || args[i].StartsWith("--", StringComparison.Ordinal)))
                throw new StartFailure($"The option {name} needs a value.");
        }
    }
}
