using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace McpImageGen.Jobs;

internal static class RequiredConnections
{
    /// <summary>The connection string of that name.</summary>
    /// <param name="configuration">The service's settings.</param>
    /// <param name="name">The name.</param>
    /// <param name="example">What it looks like.</param>
    /// <param name="parse">Throws when it can't be read.</param>
    /// <exception cref="OptionsValidationException">It is not set or can't be read; the message names the setting and shows what it looks like.</exception>
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
            throw Invalid($"can't be read ({exception.Message.TrimEnd('.')})");
        }

        OptionsValidationException Invalid(string what) =>
            new(name, typeof(string), [$"ConnectionStrings__{name} {what}: for instance {example}."]);
    }
}
