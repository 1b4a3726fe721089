using StackExchange.Redis;

namespace McpImageGen.Jobs.Signals;

/// <summary>
/// Reads <c>ConnectionStrings__redis</c>: StackExchange.Redis' form, or the URI that most platforms give,
/// <c>redis://USER:PASSWORD@HOST:PORT/DATABASE</c>, or <c>rediss://</c> with TLS.
/// What it says about a wrong one never repeats a part of it: any part may be one of the password.
/// </summary>
/// <param name="Text">In StackExchange.Redis' format; for a URI, without user and password, which may contain characters that the format cannot represent.</param>
/// <param name="User">The URI's user.</param>
/// <param name="Password">The URI's password.</param>
internal sealed record RedisAddress(string Text, string? User, string? Password)
{
    /// <exception cref="FormatException">It is invalid; the message gives the reason.</exception>
    public static RedisAddress Read(string text)
    {
        var address = text.Contains("://") ? ReadUri(text.Trim()) : new RedisAddress(text, null, null);
        Check(address.Text);
        return address;
    }

    /// <summary>Without the password, so that it can be logged.</summary>
    public override string ToString() => nameof(RedisAddress);

    public void ApplyTo(ConfigurationOptions options)
    {
        options.User = User ?? options.User;
        options.Password = Password ?? options.Password;
    }

    private static RedisAddress ReadUri(string text)
    {
        if (text.Split("://", 2) is not [var scheme, var rest] || scheme.ToUpperInvariant() is not ("REDIS" or "REDISS"))
            throw new FormatException("it is a URI, but starts neither with redis:// nor with rediss://");

        // The last one: a password may have been written down as it is.
        var at = rest.LastIndexOf('@');
        var (user, password) = at < 0 ? ("", null) : Cut(rest[..at], ':');
        var (address, query) = Cut(rest[(at + 1)..], '?');
        var (hosts, database) = Cut(address, '/');
        if (hosts.Length == 0)
            throw new FormatException("it names no host");
        if (database is { Length: > 0 } && !int.TryParse(database, out _))
            throw new FormatException("its path is not the number of a database");

        List<string> parts = [.. hosts.Split(',').Select(WithPort)];
        if (scheme.Equals("rediss", StringComparison.OrdinalIgnoreCase))
            parts.Add("ssl=true");
        if (database is { Length: > 0 })
            parts.Add($"defaultDatabase={database}");
        parts.AddRange((query ?? "").Split('&', StringSplitOptions.RemoveEmptyEntries).Select(Uri.UnescapeDataString));
        return new RedisAddress(string.Join(',', parts), Unescaped(user), Unescaped(password));
    }

    /// <summary>The port of a URI without one is the same with TLS; StackExchange.Redis' is not.</summary>
    private static string WithPort(string host) => host.LastIndexOf(':') > host.LastIndexOf(']') ? host : $"{host}:6379";

    private static void Check(string text)
    {
        foreach (var (index, part) in text.Split(',').Index())
        {
            try
            {
                // An option alone is read beside a host.
                _ = ConfigurationOptions.Parse(part.Contains('=') ? $"localhost,{part}" : part);
            }
            catch (Exception exception) when (exception is ArgumentException or FormatException or OverflowException)
            {
                throw new FormatException($"part {index + 1} is unknown or invalid");
            }
        }

        if (ConfigurationOptions.Parse(text).EndPoints.Count == 0)
            throw new FormatException("it names no server");
    }

    private static string? Unescaped(string? text) => string.IsNullOrEmpty(text) ? null : Uri.UnescapeDataString(text);

    private static (string Before, string? Behind) Cut(string text, char at) =>
        text.IndexOf(at) is var index and >= 0 ? (text[..index], text[(index + 1)..]) : (text, null);
}
