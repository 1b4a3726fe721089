using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace McpImageGen.Jobs.Signals;

public static class RedisSetup
{
    private const string ConnectionName = "redis";
    private const string Setting = "ConnectionStrings__" + ConnectionName;

    /// <summary>Adds the signals on Redis, by the setting <c>ConnectionStrings__redis</c>. The process starts without Redis, too.</summary>
    /// <exception cref="OptionsValidationException">The setting is missing or wrong.</exception>
    public static void AddRedisJobSignals(this IHostApplicationBuilder builder)
    {
        var address = ReadAddress(builder.Configuration.GetConnectionString(ConnectionName));
        builder.AddRedisClient(
            ConnectionName,
            settings =>
            {
                settings.ConnectionString = address.Text;
                // The check "signals" degrades only, and does not wait for long.
                settings.DisableHealthChecks = true;
                settings.DisableTracing |= !builder.Configuration.HasCollector();
            },
            options => Suit(options, address));
        builder.Services.AddSingleton<IJobSignals, RedisJobSignals>();
        builder.Services.AddHealthChecks().AddCheck<RedisHealth>("signals", HealthStatus.Degraded);
    }

    /// <summary>StackExchange.Redis' connection string, or an address, with what the signals need: start without Redis, fail at once, come back soon.</summary>
    internal static ConfigurationOptions Read(string? text)
    {
        var address = ReadAddress(text);
        var options = ConfigurationOptions.Parse(address.Text);
        Suit(options, address);
        return options;
    }

    private static RedisAddress ReadAddress(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
            throw Invalid("is missing: where Redis is, as HOST:PORT.");
        try
        {
            return RedisAddress.Read(text);
        }
        catch (FormatException exception)
        {
            throw Invalid($"can't be read ({exception.Message}): it has the form HOST:PORT,password=… or redis://:PASSWORD@HOST:PORT.");
        }
    }

    private static void Suit(ConfigurationOptions options, RedisAddress address)
    {
        address.ApplyTo(options);
        options.AbortOnConnectFail = false;
        options.BacklogPolicy = BacklogPolicy.FailFast;
        options.ReconnectRetryPolicy = new LinearRetry(500);
        // As long as this an attempt hangs that began while Redis was starting, and delays the next one.
        if (!address.Text.Contains("connectTimeout", StringComparison.OrdinalIgnoreCase))
            options.ConnectTimeout = 1500;
        // It tells every step of every attempt to connect; who uses the connection says what its loss means.
        options.LoggerFactory = NullLoggerFactory.Instance;
    }

    private static OptionsValidationException Invalid(string what) => new(Setting, typeof(ConfigurationOptions), [$"{Setting} {what}"]);
}
