using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;

namespace McpImageGen.ServiceDefaults;

/// <summary>Explains in one line which setting prevents a program from starting.</summary>
public static partial class SettingFailure
{
    /// <summary>The line for an exception caused by an invalid setting; null for any other exception.</summary>
    public static string? Explain(Exception exception) => exception switch
    {
        OptionsValidationException invalid => string.Join(" ", invalid.Failures.Select(WithoutFrame)),
        InvalidOperationException { InnerException: FormatException or ArgumentException or OverflowException } unreadable =>
            WithSettingName(unreadable.Message),
        AggregateException { InnerException: { } inner } => Explain(inner),
        _ => null,
    };

    /// <summary>Removes the text that data annotations add around the error message.</summary>
    private static string WithoutFrame(string failure) => AnnotationFrame().Replace(failure, "$1");

    /// <summary>The configuration binder writes setting names as Section:Name; in the environment they are Section__Name.</summary>
    private static string WithSettingName(string message) =>
        SettingPath().Replace(message, match => match.Value.Replace(":", "__"));

    [GeneratedRegex(@"\ADataAnnotation validation failed for .* with the error: '(.*)'\.\z", RegexOptions.Singleline)]
    private static partial Regex AnnotationFrame();

    [GeneratedRegex("'[A-Za-z0-9]+(:[A-Za-z0-9]+)+'")]
    private static partial Regex SettingPath();
}
