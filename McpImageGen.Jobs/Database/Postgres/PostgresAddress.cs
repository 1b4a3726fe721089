using System.Data.Common;
using Npgsql;

namespace McpImageGen.Jobs.Database.Postgres;

/// <summary>
/// Reads <c>ConnectionStrings__jobs</c>: Npgsql's form, or the URI that most platforms give, <c>postgres://USER:PASSWORD@HOST:PORT/DATABASE?sslmode=require</c>.
/// What it says about a wrong one never repeats a part of it: any part may be one of the password.
/// </summary>
internal static class PostgresAddress
{
    /// <summary>What the parameters of a URI are called in Npgsql's form; the others have the same name there.</summary>
    private static readonly Dictionary<string, string> Keywords = new(StringComparer.OrdinalIgnoreCase)
    {
        ["user"] = "Username",
        ["dbname"] = "Database",
        ["sslmode"] = "SSL Mode",
        ["sslrootcert"] = "Root Certificate",
        ["sslcert"] = "SSL Certificate",
        ["sslkey"] = "SSL Key",
        ["sslpassword"] = "SSL Password",
        ["sslnegotiation"] = "SSL Negotiation",
        ["channel_binding"] = "Channel Binding",
        ["application_name"] = "Application Name",
        ["connect_timeout"] = "Timeout",
        ["client_encoding"] = "Client Encoding",
        ["target_session_attrs"] = "Target Session Attributes",
    };

    /// <exception cref="FormatException">It is invalid; the message gives the reason.</exception>
    public static NpgsqlConnectionStringBuilder Read(string text)
    {
        var parts = text.Split("://", 2);
        var builder = parts.Length == 2 && parts[0].Trim().ToUpperInvariant() is "POSTGRES" or "POSTGRESQL"
            ? ReadUri(parts[1].Trim())
            : ReadKeywords(text);
        if (string.IsNullOrWhiteSpace(builder.Host))
            throw new FormatException("it names no host");
        try
        {
            using var connection = new NpgsqlConnection(builder.ConnectionString);
            return builder;
        }
        catch (Exception exception) when (exception is ArgumentException or NotSupportedException or InvalidOperationException)
        {
            throw new FormatException("some of its values contradict each other");
        }
    }

    private static NpgsqlConnectionStringBuilder ReadKeywords(string text)
    {
        var keywords = new DbConnectionStringBuilder();
        try
        {
            keywords.ConnectionString = text;
        }
        catch (ArgumentException)
        {
            throw new FormatException("it is neither NAME=VALUE;NAME=VALUE nor a URI that starts with postgres://");
        }

        var builder = new NpgsqlConnectionStringBuilder();
        foreach (var (index, name) in keywords.Keys.Cast<string>().Index())
            Set(builder, name, (string)keywords[name], $"keyword {index + 1}");
        return builder;
    }

    /// <param name="text">What follows the scheme.</param>
    private static NpgsqlConnectionStringBuilder ReadUri(string text)
    {
        var (address, query) = Cut(text, text.IndexOf('?'));
        var (authority, database) = Cut(address, address.IndexOf('/'));
        // The last one: a password may have been written down as it is.
        var at = authority.LastIndexOf('@');
        var (user, password) = at < 0 ? ("", "") : Cut(authority[..at], authority.IndexOf(':', 0, at));

        var builder = new NpgsqlConnectionStringBuilder();
        SetHosts(builder, authority[(at + 1)..]);
        SetUnlessEmpty("Database", database);
        SetUnlessEmpty("Username", user);
        SetUnlessEmpty("Password", password);
        foreach (var (index, parameter) in query.Split('&', StringSplitOptions.RemoveEmptyEntries).Index())
        {
            var (name, value) = Cut(parameter, parameter.IndexOf('='));
            name = Uri.UnescapeDataString(name);
            value = Uri.UnescapeDataString(value);
            var keyword = Keywords.GetValueOrDefault(name, name);
            // verify-full is VerifyFull there.
            Set(builder, keyword, keyword == "SSL Mode" ? value.Replace("-", "") : value, $"parameter {index + 1}");
        }

        return builder;

        void SetUnlessEmpty(string keyword, string value)
        {
            if (value.Length > 0)
                builder[keyword] = Uri.UnescapeDataString(value);
        }
    }

    private static void SetHosts(NpgsqlConnectionStringBuilder builder, string hosts)
    {
        if (hosts.Contains(','))
        {
            builder.Host = Uri.UnescapeDataString(hosts); // Npgsql reads a list of HOST:PORT itself
            return;
        }

        var colon = hosts.LastIndexOf(':');
        var (host, port) = colon > hosts.LastIndexOf(']') ? Cut(hosts, colon) : (hosts, "");
        if (host.Length > 0)
            builder.Host = Uri.UnescapeDataString(host).Trim('[', ']');
        if (port.Length > 0)
            Set(builder, "Port", port, "port");
    }

    /// <param name="builder">What it is set in.</param>
    /// <param name="keyword">The keyword; said only when it is one.</param>
    /// <param name="value">The value; never said.</param>
    /// <param name="place">Where they are.</param>
    private static void Set(NpgsqlConnectionStringBuilder builder, string keyword, string value, string place)
    {
        try
        {
            builder[keyword] = value;
        }
        catch (ArgumentException exception) when (exception.InnerException is KeyNotFoundException)
        {
            throw new FormatException($"{place} is unknown");
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException or OverflowException or NotSupportedException)
        {
            throw new FormatException($"its {keyword} is invalid");
        }
    }

    /// <summary>What is before the character at the index, and what is behind it; nothing where there is no such character.</summary>
    private static (string Before, string Behind) Cut(string text, int index) => index < 0 ? (text, "") : (text[..index], text[(index + 1)..]);
}
