using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;

namespace McpImageGen.Tests.Fuzz;

/// <summary>Counts the requests whose services are still held after they have ended: a request that anything refers to keeps them.</summary>
internal sealed class HeldRequests : IStartupFilter
{
    private readonly ConcurrentQueue<WeakReference> _services = new();

    public int Count => _services.Count(services => services.IsAlive);

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use(follow => context =>
        {
            _services.Enqueue(new WeakReference(context.RequestServices));
            return follow(context);
        });
        next(app);
    };
}
