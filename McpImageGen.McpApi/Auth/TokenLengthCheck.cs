using Microsoft.Extensions.Options;

namespace McpImageGen.McpApi.Auth;

/// <summary>Warns at the start of tokens that can be guessed. A known token is accepted however many wrong ones came before it.</summary>
internal sealed partial class TokenLengthCheck(IOptions<AuthOptions> auth, ILogger<TokenLengthCheck> logger) : IHostedService
{
    private const int MinGoodLength = 16;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var owner in auth.Value.Tokens.Where(token => token.Token?.Trim().Length < MinGoodLength).Select(token => token.Owner).Distinct())
            Log.Short(logger, owner, MinGoodLength);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "A token of owner {Owner} is shorter than {Characters} characters and can be guessed; use a long random one, for example from 'openssl rand -hex 32'")]
        public static partial void Short(ILogger logger, string owner, int characters);
    }
}
