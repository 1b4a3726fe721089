using System.Security.Claims;
using System.Threading.RateLimiting;
using McpImageGen.McpApi.Transport;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Options;

namespace McpImageGen.McpApi.Auth;

/// <summary>The limits of concurrent calls and of calls per minute for each owner.</summary>
internal sealed class CallLimits(IOptions<LimitsOptions> limits) : IConfigureOptions<RateLimiterOptions>
{
    public void Configure(RateLimiterOptions options)
    {
        var max = limits.Value;
        options.GlobalLimiter = PartitionedRateLimiter.CreateChained(
            PartitionedRateLimiter.Create<HttpContext, string>(call => RateLimitPartition.GetConcurrencyLimiter(
                OwnerOf(call), _ => new ConcurrencyLimiterOptions { PermitLimit = max.CallsAtOnce })),
            PartitionedRateLimiter.Create<HttpContext, string>(call => RateLimitPartition.GetSlidingWindowLimiter(
                OwnerOf(call), _ => new SlidingWindowRateLimiterOptions
                {
                    PermitLimit = max.CallsPerMinute,
                    Window = TimeSpan.FromMinutes(1),
                    SegmentsPerWindow = 6,
                })));
        options.OnRejected = (rejected, _) =>
        {
            var wait = rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out var known) ? known : TimeSpan.FromSeconds(1);
            return new ValueTask(JsonRpcErrors.WriteTooManyAsync(
                rejected.HttpContext.Response,
                wait,
                $"Too many calls: the limits are {max.CallsAtOnce} concurrent calls and {max.CallsPerMinute} calls per minute.",
                (rejected.HttpContext.Items[typeof(BatchPart)] as BatchPart)?.Id));
        };
    }

    private static string OwnerOf(HttpContext call) => call.User.FindFirstValue(ClaimTypes.NameIdentifier) ?? "";
}
