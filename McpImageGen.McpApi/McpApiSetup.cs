using McpImageGen.McpApi.Application;
using McpImageGen.McpApi.Auth;
using McpImageGen.McpApi.Background;
using McpImageGen.McpApi.Images;
using McpImageGen.McpApi.Pages;
using McpImageGen.McpApi.Prompts;
using McpImageGen.McpApi.Proxies;
using McpImageGen.McpApi.Resources;
using McpImageGen.McpApi.Results;
using McpImageGen.McpApi.ServerCard;
using McpImageGen.McpApi.Sse;
using McpImageGen.McpApi.Subscriptions;
using McpImageGen.McpApi.Tasks;
using McpImageGen.McpApi.Tools;
using McpImageGen.McpApi.Transport;
using McpImageGen.McpApi.Waiting;
using Microsoft.Extensions.Options;
using ModelContextProtocol.AspNetCore;
using ModelContextProtocol.Protocol;

namespace McpImageGen.McpApi;

public static class McpApiSetup
{
    /// <summary>Adds the MCP service. The caller also adds the jobs, the image store, the signals and the bus.</summary>
    public static void AddMcpApi(this IHostApplicationBuilder builder)
    {
        builder.AddProxies();
        builder.AddAuth();
        builder.AddPages();
        builder.AddOptionsOf<ImagesOptions, ImagesOptionsValidation>(ImagesOptions.Section);
        builder.Services.AddOptions<McpTransportOptions>()
            .BindConfiguration(McpTransportOptions.Section).ValidateDataAnnotations().ValidateOnStart();

        builder.Services.AddOptions<WaitLimitOptions>().BindConfiguration(WaitLimitOptions.Section).ValidateDataAnnotations().ValidateOnStart();

        builder.Services.AddHttpContextAccessor();
        builder.Services.AddSingleton<ImageLinks>();
        builder.Services.AddSingleton<InlineImages>();
        builder.Services.AddSingleton<PreviewThrottle>();
        builder.Services.AddSingleton<PreviewCache>();
        builder.Services.AddSingleton<Thumbnails>();
        builder.Services.AddSingleton<JobCompletionWaiter>();
        builder.Services.AddHostedService(services => services.GetRequiredService<JobCompletionWaiter>());
        builder.Services.AddHostedService<RequeueScheduler>();
        builder.Services.AddHostedService<HousekeepingScheduler>();
        builder.Services.AddHostedService<BacklogMetric>();

        // The SDK logs client errors with stack traces at level Error; ToolCalls logs errors in tools.
        builder.Logging.AddFilter("ModelContextProtocol", LogLevel.Critical);
        builder.Services.AddSingleton<TelemetryNames>();
        builder.Services.AddSingleton<StreamCallLimits>();
        builder.Services.AddSingleton<JobService>();
        builder.Services.AddSingleton<GenerationService>();
        builder.Services.AddSingleton<WaitResults>();
        builder.Services
            .AddMcpServer(server =>
            {
                server.ServerInfo = new Implementation
                {
                    Name = "mcp-image-generator",
                    Title = "McpImageGen",
                    Version = typeof(McpApiSetup).Assembly.GetName().Version!.ToString(3),
                };
                server.ServerInstructions =
                    "Generates images. To generate images and get their links in one call, use generate_image_and_wait. "
                    + "Show image_url to the user. If timed_out is true in a result, call wait_for_completion; do not generate again.";
            })
            .WithHttpTransport(transport => transport.SessionMode = HttpServerSessionMode.Stateless)
            .WithMessageFilters(filters => filters.AddIncomingFilter(StreamCallLimits.Around).AddIncomingFilter(RequestParameters.Around))
            .WithImageTools()
            .WithImagePrompts()
            .WithJobResources()
            .WithJobTasks()
            .WithJobSubscriptions()
            .WithCacheHints();

        // Any origin can call with a token. The gallery's cookie is valid only for pages, and other origins cannot read those.
        builder.Services.AddCors(cors => cors.AddDefaultPolicy(policy => policy
            .AllowAnyOrigin()
            .WithMethods(HttpMethods.Get, HttpMethods.Post, HttpMethods.Options)
            .AllowAnyHeader()
            .WithExposedHeaders("WWW-Authenticate", "Mcp-Session-Id", "ETag")
            .SetPreflightMaxAge(TimeSpan.FromHours(24))));
    }

    /// <summary>Maps the MCP endpoints, the images and the discovery page.</summary>
    public static void UseMcpApi(this WebApplication app)
    {
        app.UseProxies();
        app.Use(ResponseHeaders);
        app.UseMiddleware<BadRequestGuard>();
        app.UseMiddleware<HostGuard>();
        app.UseMiddleware<DnsRebindingProtection>();
        app.UseCors();
        app.UseWhen(McpEndpoints.IsCall, calls => calls.UseMiddleware<RequestHeaders>());
        app.UseRouting();
        app.UsePages();
        app.UseAuthentication();
        app.UseAuthorization();
        app.UseWhen(McpEndpoints.IsCall, calls => calls
            .UseRateLimiter()
            .UseWhen(call => HttpMethods.IsPost(call.Request.Method), posts => posts.UseMiddleware<RequestBody>())
            .UseMiddleware<ResponseStream>()
            .UseMiddleware<BatchCalls>());

        app.MapMcp(McpEndpoints.Path).RequireAuthorization();
        app.MapMcp(McpEndpoints.SsePath).RequireAuthorization();
        app.MapSse();
        app.MapServerCard(McpEndpoints.Path, McpEndpoints.SsePath);
        app.MapNoSignIn(app.Services.GetRequiredService<IOptions<JwtOptions>>().Value);
        app.MapImages();
        app.MapPages();
    }

    private static Task ResponseHeaders(HttpContext context, RequestDelegate next)
    {
        context.Response.OnStarting(() =>
        {
            context.Response.Headers.XContentTypeOptions = "nosniff";
            context.Response.Headers.XFrameOptions = "DENY";
            context.Response.Headers["Referrer-Policy"] = "no-referrer";
            if (EventStream.IsTypeOf(context.Response))
                EventStream.PassUnbuffered(context.Response);
            return Task.CompletedTask;
        });
        return next(context);
    }

    internal static void AddOptionsOf<TOptions, TValidation>(this IHostApplicationBuilder builder, string section)
        where TOptions : class
        where TValidation : class, IValidateOptions<TOptions>
    {
        builder.Services.AddSingleton<IValidateOptions<TOptions>, TValidation>();
        builder.Services.AddOptions<TOptions>().BindConfiguration(section).ValidateOnStart();
    }
}
