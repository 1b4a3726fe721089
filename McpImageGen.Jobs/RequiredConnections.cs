using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace McpImageGen.Jobs;

internal static class RequiredConnections
{
    /// <summary>The connection string of that name.</summary>
    /// <exception cref="OptionsValidationException">It is not set; the message names the setting and shows what it looks like.</exception>
    public static string RequiredConnection(this IConfiguration configuration, string name, string example) =>
        configuration.GetConnectionString(name) is { } connection && !string.IsNullOrWhiteSpace(connection)
            ? connection
            : throw new OptionsValidationException(name, typeof(string), [$"ConnectionStrings__{name} is not set: for instance {example}."]);
}
