namespace McpImageGen.AppHost.Dashboard;

internal static class Answers
{
    /// <summary>
    /// A success whose message the dashboard shows immediately. With a message alone, it only shows that the command succeeded.
    /// </summary>
    public static ExecuteCommandResult Shown(string sentence) =>
        CommandResults.Success(sentence, new CommandResultData { Value = sentence, Format = CommandResultFormat.Text, DisplayImmediately = true });

    /// <inheritdoc cref="Shown(string)"/>
    public static ExecuteCommandResult Shown(string sentence, string markdown) =>
        CommandResults.Success(sentence, new CommandResultData { Value = markdown, Format = CommandResultFormat.Markdown, DisplayImmediately = true });
}
