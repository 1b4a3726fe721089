using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;

namespace McpImageGen.Standalone;

/// <summary>Why the server can't start, in one line that says what to do.</summary>
internal sealed class StartFailure(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>The line for an exception that a wrong setting or a busy machine causes; null for one that is a mistake in this program.</summary>
    public static string? Explain(Exception exception) => exception switch
    {
        StartFailure => exception.Message,
        OptionsValidationException invalid => string.Join(" ", invalid.Failures),
        InvalidOperationException { InnerException: FormatException or ArgumentException or OverflowException } unreadable =>
            WithSettingName(unreadable.Message),
        IOException { InnerException: AddressInUseException } or AddressInUseException =>
            $"{exception.Message.TrimEnd('.')}. Stop the program that has it, or listen elsewhere with --urls http://127.0.0.1:PORT.",
        IOException { InnerException: System.Net.Sockets.SocketException } =>
            $"{exception.Message.TrimEnd('.')}. Listen elsewhere with --urls http://127.0.0.1:PORT.",
        FormatException when exception.Message.Contains("url", StringComparison.OrdinalIgnoreCase) => exception.Message,
        AggregateException { InnerException: { } inner } => Explain(inner),
        _ => null,
    };

    // The binder names a setting as Section:Name; people set it as Section__Name.
    private static string WithSettingName(string message) =>
        System.Text.RegularExpressions.Regex.Replace(message, "'[A-Za-z0-9]+(:[A-Za-z0-9]+)+'", match => match.Value.Replace(":", "__"));
}
