using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace McpImageGen.ServiceDefaults;

/// <summary>Runs a service of the distributed system as a process.</summary>
public static class ServiceProgram
{
    /// <summary>Runs the service until it is asked to stop. Invalid settings are reported in one line, with exit code 1.</summary>
    /// <param name="args">The command line.</param>
    /// <param name="add">Adds the components of the service.</param>
    /// <param name="map">Maps the endpoints besides the health endpoints.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(string[] args, Action<WebApplicationBuilder> add, Action<WebApplication>? map = null)
    {
        try
        {
            var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
            builder.AddServiceDefaults();
            add(builder);

            builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);

            // Reported below, in one line without a stack trace.
            var hasStarted = false;
            builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", level => hasStarted && level >= LogLevel.Warning);
            await using var app = builder.Build();
            app.Services.GetRequiredService<IStartupValidator>().Validate();
            map?.Invoke(app);
            app.MapServiceDefaults("distributed");
            app.Lifetime.ApplicationStarted.Register(() => hasStarted = true);
            await app.RunAsync();
            return 0;
        }
        catch (OperationCanceledException)
        {
            return 0; // asked to stop while still waiting for a dependency
        }
        catch (Exception exception) when (Explain(exception) is { } line)
        {
            await Console.Error.WriteLineAsync("Cannot start: " + line.ReplaceLineEndings(" "));
            return 1;
        }
    }

    private static string? Explain(Exception exception) =>
        exception is IOException or SocketException ? exception.Message : SettingFailure.Explain(exception);
}
