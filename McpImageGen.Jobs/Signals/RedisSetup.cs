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

    /// <summary>
    /// Adds the signals on Redis, configured by <c>ConnectionStrings__redis</c>. The process also starts if Redis is unavailable.
    /// </summary>
    /// <exception cref="OptionsValidationException">The setting is missing or invalid.</exception>
    public static void AddRedisJobSignals(this IHostApplicationBuilder builder)
    {
        var text = builder.Configuration.GetConnectionString(ConnectionName);
        _ = Read(text);
        builder.AddRedisClient(
            ConnectionName,
            settings =>
            {
                // The check "signals" only degrades and has a short timeout.
                settings.DisableHealthChecks = true;
                settings.DisableTracing |= !builder.Configuration.HasCollector();
            },
            options => Suit(options, text!));
        builder.Services.AddSingleton<IJobSignals, RedisJobSignals>();
        builder.Services.AddHealthChecks().AddCheck<RedisHealth>("signals", HealthStatus.Degraded);
    }

    /// <summary>
    /// Parses a StackExchange.Redis connection string and sets what the signals need: start without Redis, fail immediately, reconnect quickly.
    /// </summary>
    internal static ConfigurationOptions Read(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
            throw Invalid("is not set. Set it to the address of Redis in the form HOST:PORT.");
        ConfigurationOptions options;
        try
        {
            options = ConfigurationOptions.Parse(text);
        }
        catch (ArgumentException exception)
        {
            throw Invalid($"is invalid: {exception.Message}");
        }

        if (options.EndPoints.Count == 0)
            throw Invalid("contains no server. The form is HOST:PORT.");
        Suit(options, text);
        return options;
    }

    private static void Suit(ConfigurationOptions options, string text)
    {
        options.AbortOnConnectFail = false;
        options.BacklogPolicy = BacklogPolicy.FailFast;
        options.ReconnectRetryPolicy = new LinearRetry(500);
        // An attempt that began while Redis was starting hangs for this long and delays the next one.
        if (!text.Contains("connectTimeout", StringComparison.OrdinalIgnoreCase))
            options.ConnectTimeout = 1500;
        // The client logs every step of every connection attempt; the users of the connection log failures themselves.
        options.LoggerFactory = NullLoggerFactory.Instance;
    }

    private static OptionsValidationException Invalid(string what) => new(Setting, typeof(ConfigurationOptions), [$"{Setting} {what}"]);
}
