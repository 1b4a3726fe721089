using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace McpImageGen.Jobs;

internal static class RequiredConnections
{
    /// <summary>Returns the connection string with the given name.</summary>
    /// <param name="configuration">The service's settings.</param>
    /// <param name="name">The name of the connection string.</param>
    /// <param name="example">An example, for the error message.</param>
    /// <param name="parse">Throws if the connection string is invalid.</param>
    /// <exception cref="OptionsValidationException">It is not set or invalid; the message names the setting and shows an example.</exception>
    public static string RequiredConnection(this IConfiguration configuration, string name, string example, Action<string> parse)
    {
        var connection = configuration.GetConnectionString(name);
        if (string.IsNullOrWhiteSpace(connection))
            throw Invalid("is not set");
        try
        {
            parse(connection);
            return connection;
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException)
        {
            throw Invalid($"is invalid ({exception.Message.TrimEnd('.')})");
        }

        OptionsValidationException Invalid(string what) =>
            new(name, typeof(string), [$"ConnectionStrings__{name} {what}. Example: {example}."]);
    }
}
