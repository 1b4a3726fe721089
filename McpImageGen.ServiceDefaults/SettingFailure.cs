using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;

namespace McpImageGen.ServiceDefaults;

/// <summary>Says in one line which setting keeps a program from starting.</summary>
public static partial class SettingFailure
{
    /// <summary>The line for an exception that a wrong setting causes; null for any other.</summary>
    public static string? Explain(Exception exception) => exception switch
    {
        OptionsValidationException invalid => string.Join(" ", invalid.Failures.Select(WithoutFrame)),
        InvalidOperationException { InnerException: FormatException or ArgumentException or OverflowException } unreadable =>
            WithSettingName(unreadable.Message),
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
