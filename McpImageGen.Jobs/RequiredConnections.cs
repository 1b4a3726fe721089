using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace McpImageGen.Jobs;

internal static class RequiredConnections
{
    /// <summary>Reads the connection string of that name.</summary>
    /// <param name="configuration">The service's settings.</param>
    /// <param name="name">The name.</param>
    /// <param name="example">What it looks like.</param>
    /// <param name="read">Throws a <see cref="FormatException"/> when it can't be read, whose message repeats no part of it: it may hold a password.</param>
    /// <exception cref="OptionsValidationException">It is not set or can't be read; the message names the setting and shows what it looks like.</exception>
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
            throw Invalid($"can't be read ({exception.Message.TrimEnd('.')})");
        }

        OptionsValidationException Invalid(string what) =>
            new(name, typeof(string), [$"ConnectionStrings__{name} {what}: for instance {example}."]);
    }
}
