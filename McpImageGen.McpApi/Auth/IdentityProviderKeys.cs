using Microsoft.AspNetCore.Authentication.JwtBearer;

namespace McpImageGen.McpApi.Auth;

/// <summary>
/// Tells whether the keys of the identity provider are known. They are read at the first JWT; until that has succeeded, no JWT can be checked,
/// which says nothing about the JWT.
/// </summary>
internal sealed partial class IdentityProviderKeys(TimeProvider time, ILogger<IdentityProviderKeys> logger)
{
    /// <summary>The pause between two attempts to read them, and what callers are told to wait.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private Task<bool>? _attempt;
    private long _attemptedAt;
    private bool _isMissed;

    /// <summary>Whether the keys are known. Concurrent callers share one attempt to read them.</summary>
    public async Task<bool> AreKnownAsync(JwtBearerOptions options, CancellationToken cancellationToken)
    {
        Task<bool> attempt;
        lock (_lock)
        {
            if (_attempt is null || (_attempt is { IsCompleted: true, Result: false } && time.GetElapsedTime(_attemptedAt) >= Pause))
            {
                _attemptedAt = time.GetTimestamp();
                _attempt = Task.Run(() => ReadAsync(options), CancellationToken.None);
            }

            attempt = _attempt;
        }

        return await attempt.WaitAsync(cancellationToken);
    }

    private async Task<bool> ReadAsync(JwtBearerOptions options)
    {
        try
        {
            await options.ConfigurationManager!.GetConfigurationAsync(CancellationToken.None);
            if (_isMissed)
                Log.Back(logger);
            return true;
        }
        catch (Exception exception)
        {
            if (!_isMissed)
                Log.Away(logger, exception.GetBaseException().Message);
            _isMissed = true;
            return false;
        }
        finally
        {
            _attemptedAt = time.GetTimestamp();
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "The identity provider is not available, so no JWT can be checked; calls with one get 503: {Reason}")]
        public static partial void Away(ILogger logger, string reason);

        [LoggerMessage(LogLevel.Information, "The identity provider is available again")]
        public static partial void Back(ILogger logger);
    }
}
