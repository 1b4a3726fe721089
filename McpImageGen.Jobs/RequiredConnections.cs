using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace McpImageGen.Jobs;

internal static class RequiredConnections
{
    /// <summary>Reads the connection string with the given name.</summary>
    /// <param name="configuration">The service's settings.</param>
    /// <param name="name">The name of the connection string.</param>
    /// <param name="example">An example, for the error message.</param>
    /// <param name="read">Throws a <see cref="FormatException"/> if it is invalid, with a message that contains no part of it: it may contain a password.</param>
    /// <exception cref="OptionsValidationException">It is not set or invalid; the message names the setting and shows an example.</exception>
    public static T RequiredConnection<T>(this IConfiguration configuration, string name, string example, Func<string, T> read)
    {
        var connection = configuration.GetConnectionString(name);
        if (string.IsNullOrWhiteSpace(connection))
            throw Invalid("is not set");
        try
        {
            return read(connection);
        }
        catch (FormatException exception)
        {
            throw Invalid($"is invalid ({exception.Message.TrimEnd('.')})");
        }

        OptionsValidationException Invalid(string what) =>
            new(name, typeof(string), [$"ConnectionStrings__{name} {what}. Example: {example}."]);
    }
}
