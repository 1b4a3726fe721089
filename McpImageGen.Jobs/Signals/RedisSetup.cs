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
        var address = ReadAddress(builder.Configuration.GetConnectionString(ConnectionName));
        builder.AddRedisClient(
            ConnectionName,
            settings =>
            {
                settings.ConnectionString = address.Text;
                // The check "signals" only degrades and has a short timeout.
                settings.DisableHealthChecks = true;
                settings.DisableTracing |= !builder.Configuration.HasCollector();
            },
            options => Suit(options, address));
        builder.Services.AddSingleton<IJobSignals, RedisJobSignals>();
        builder.Services.AddHealthChecks().AddCheck<RedisHealth>("signals", HealthStatus.Degraded);
    }

    /// <summary>Parses a StackExchange.Redis connection string or a URI, and sets what the signals need: start without Redis, fail immediately, reconnect quickly.</summary>
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
            throw Invalid("is not set. Set it to the address of Redis in the form HOST:PORT.");
        try
        {
            return RedisAddress.Read(text);
        }
        catch (FormatException exception)
        {
            throw Invalid($"is invalid ({exception.Message}). The form is HOST:PORT,password=… or redis://:PASSWORD@HOST:PORT.");
        }
    }

    private static void Suit(ConfigurationOptions options, RedisAddress address)
    {
        address.ApplyTo(options);
        options.AbortOnConnectFail = false;
        options.BacklogPolicy = BacklogPolicy.FailFast;
        options.ReconnectRetryPolicy = new LinearRetry(500);
        // An attempt that began while Redis was starting hangs for this long and delays the next one.
        if (!address.Text.Contains("connectTimeout", StringComparison.OrdinalIgnoreCase))
            options.ConnectTimeout = 1500;
        // The client logs every step of every connection attempt; the users of the connection log failures themselves.
        options.LoggerFactory = NullLoggerFactory.Instance;
    }

    private static OptionsValidationException Invalid(string what) => new(Setting, typeof(ConfigurationOptions), [$"{Setting} {what}"]);
}
