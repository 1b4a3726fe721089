using System.Collections.Concurrent;
using McpImageGen.Contracts;
using McpImageGen.Contracts.Models;
using McpImageGen.GenerationWorker.WorkersAi;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace McpImageGen.Tests.WorkersAi;

/// <summary>The client as the worker registers it, with the clock in the test's hands and every log line kept.</summary>
internal sealed class ClientHost : IDisposable
{
    public const string Token = "t0ken-that-must-not-leak";
    public const string Account = "0123456789abcdef0123456789abcdef";

    private readonly IHost _host;

    public ClientHost(string baseUrl, Action<HostApplicationBuilder>? configure = null)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["WorkersAi:AccountId"] = Account,
            ["WorkersAi:ApiToken"] = Token,
            ["WorkersAi:BaseUrl"] = baseUrl,
        });
        builder.Logging.SetMinimumLevel(LogLevel.Trace).AddProvider(Logs);
        builder.Services.AddSingleton<TimeProvider>(Clock);
        configure?.Invoke(builder);
        builder.AddWorkersAi();
        _host = builder.Build();
    }

    public FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 11, 22, 18, 30, 0, TimeSpan.Zero));

    public KeptLogs Logs { get; } = new();

    public WorkersAiClient Client => _host.Services.GetRequiredService<WorkersAiClient>();

    public static GenerateImage Command(string model, GenerationParameters? parameters = null, string prompt = "a lighthouse at dawn, oil on canvas") =>
        new(Guid.CreateVersion7(), prompt, model, parameters ?? GenerationParameters.ModelDefaults);

    public static async Task<GeneratedImage> GenerateAsync(
        ScriptedProvider provider, string model, GenerationParameters? parameters = null)
    {
        using var host = new ClientHost(provider.Address);
        return await host.Client.GenerateAsync(Command(model, parameters), TestContext.Current.CancellationToken);
    }

    /// <summary>The failure of a call that must fail.</summary>
    public async Task<WorkersAiFailure> FailAsync(GenerateImage? command = null)
    {
        var exception = await Assert.ThrowsAsync<WorkersAiException>(
            () => Client.GenerateAsync(command ?? Command(ImageModel.SdxlBase), TestContext.Current.CancellationToken));
        Assert.Equal(exception.Failure.Message, exception.Message);
        Assert.DoesNotContain(Token, exception.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(Account, exception.ToString(), StringComparison.Ordinal);
        return exception.Failure;
    }

    public void Dispose() => _host.Dispose();
}

internal sealed class KeptLogs : ILoggerProvider
{
    private readonly ConcurrentQueue<(LogLevel Level, string Text)> _lines = new();

    public IReadOnlyCollection<(LogLevel Level, string Text)> Lines => _lines;

    public ILogger CreateLogger(string categoryName) => new Logger(_lines);

    public void Dispose()
    {
    }

    private sealed class Logger(ConcurrentQueue<(LogLevel, string)> lines) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            lines.Enqueue((logLevel, formatter(state, exception) + exception));
    }
}
