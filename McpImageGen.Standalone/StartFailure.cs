using System.Text.RegularExpressions;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;

namespace McpImageGen.Standalone;

/// <summary>Why the server can't start, in one line that says what to do.</summary>
internal sealed partial class StartFailure(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>The line for an exception that a wrong setting or a busy machine causes; null for one that is a mistake in this program.</summary>
    public static string? Explain(Exception exception) => exception switch
    {
        StartFailure => exception.Message,
        OptionsValidationException invalid => string.Join(" ", invalid.Failures.Select(WithoutFrame)),
        InvalidOperationException { InnerException: FormatException or ArgumentException or OverflowException } unreadable =>
            WithSettingName(unreadable.Message),
        SqliteException => $"The database in the data folder can't be used: {exception.Message} Move it away, or choose another folder with --data DIR.",
        IOException or UnauthorizedAccessException => $"{exception.Message} Choose another folder with --data DIR.",
        AggregateException { InnerException: { } inner } => Explain(inner),
        _ => null,
    };

    /// <summary>Data annotations put a frame around the sentence that says what is wrong.</summary>
    private static string WithoutFrame(string failure) => AnnotationFrame().Replace(failure, "$1");

    /// <summary>The binder names a setting as Section:Name; people set it as Section__Name.</summary>
    private static string WithSettingName(string message) =>
        SettingPath().Replace(message, match => match.Value.Replace(":", "__"));

    [GeneratedRegex(@"\ADataAnnotation validation failed for .* with the error: '(.*)'\.\z", RegexOptions.Singleline)]
    private static partial Regex AnnotationFrame();

    [GeneratedRegex("'[A-Za-z0-9]+(:[A-Za-z0-9]+)+'")]
    private static partial Regex SettingPath();
}
