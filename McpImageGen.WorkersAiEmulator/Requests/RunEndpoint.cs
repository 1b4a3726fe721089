using McpImageGen.WorkersAiEmulator.Answers;
using McpImageGen.WorkersAiEmulator.Drawing;
using McpImageGen.WorkersAiEmulator.Faults;
using McpImageGen.WorkersAiEmulator.Models;
using McpImageGen.WorkersAiEmulator.Statistics;
using Microsoft.Extensions.Options;

namespace McpImageGen.WorkersAiEmulator.Requests;

/// <summary>Handles an <c>ai/run</c> request.</summary>
internal sealed partial class RunEndpoint(
    BearerToken token, FaultSwitch faults, EmulatorStatistics statistics, TimeProvider time,
    IHostApplicationLifetime lifetime, IOptions<EmulatorOptions> options, ILogger<RunEndpoint> logger)
{
    // At most one image per processor at a time, because more would only slow each other and everything else in the process down.
    private readonly TaskScheduler _drawing =
        new ConcurrentExclusiveSchedulerPair(TaskScheduler.Default, Environment.ProcessorCount, maxItemsPerTask: 1).ConcurrentScheduler;

    public async Task AnswerAsync(HttpContext context)
    {
        var started = time.GetTimestamp();
        var request = Guid.NewGuid();
        using var visit = statistics.Enter();
        context.Response.Headers["cf-ray"] = $"{Random.Shared.NextInt64():x16}-FRA";
        try
        {
            token.Demand(context.Request);
            context.Response.Headers["cf-ai-req-id"] = request.ToString();
            var name = (string)context.GetRouteValue("model")!;
            var model = ModelTable.Find(name) ?? throw new AiErrorException(AiError.NoSuchModel(name));
            var input = await RequestBody.ReadAsync(context.Request, model, options.Value.StrictSchema);
            var wishes = PromptDirectives.Read(input.Prompt);
            if (faults.For(input.Prompt, wishes) is { } fault)
                await FailAsync(context, request, input, fault);
            else
                await SucceedAsync(context, input, started, wishes.Latency ?? options.Value.Latency);
        }
        catch (AiErrorException refused)
        {
            statistics.Failed($"{refused.Error.Status}/{refused.Error.Code}");
            Log.Refused(logger, refused.Error.Status, refused.Error.Code);
            await Answer.Error(refused.Error, request).SendAsync(context.Response);
        }
        catch (Exception) when (context.RequestAborted.IsCancellationRequested)
        {
            statistics.Abandoned();
            Log.Abandoned(logger);
        }
    }

    private async Task SucceedAsync(HttpContext context, GenerationInput input, long started, TimeSpan latency)
    {
        var answer = Answer.Image(input.Model, await DrawAsync(input, context.RequestAborted));
        var rest = latency - time.GetElapsedTime(started);
        if (rest > TimeSpan.Zero)
            await Task.Delay(TimeSpan.FromMilliseconds(Math.Ceiling(rest.TotalMilliseconds)), time, context.RequestAborted);

        // Counted before the response is sent, so that a client that has the image also sees it counted.
        statistics.Generated(input);
        Log.Generated(logger, input.Model.Id, input.Width, input.Height);
        SetNeurons(context, input);
        await answer.SendAsync(context.Response);
    }

    private async Task FailAsync(HttpContext context, Guid request, GenerationInput input, FaultCase fault)
    {
        statistics.Failed(fault.Fault.Name);
        Log.Failing(logger, fault.Fault.Name, input.Model.Id);
        if (fault.RetryAfter is { } wait && fault.Fault.Status is 429 or 503)
            context.Response.Headers.RetryAfter = $"{Math.Ceiling(wait.TotalSeconds):F0}";
        if (fault.Fault.Status == 200)
            SetNeurons(context, input);
        await FaultyResponse.SendAsync(
            fault.Fault, context, request, input.Model, () => DrawAsync(input, context.RequestAborted), lifetime.ApplicationStopping);
    }

    private static void SetNeurons(HttpContext context, GenerationInput input)
    {
        if (Answer.Neurons(input) is { } neurons)
            context.Response.Headers["cf-ai-neurons"] = neurons;
    }

    private Task<byte[]> DrawAsync(GenerationInput input, CancellationToken cancellationToken) =>
        Task.Factory.StartNew(() => SampleImage.Draw(input), cancellationToken, TaskCreationOptions.None, _drawing);

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Debug, Message = "{Model} generated an image of {Width}×{Height}")]
        public static partial void Generated(ILogger logger, string model, int width, int height);

        [LoggerMessage(Level = LogLevel.Information, Message = "Simulating fault {Fault} for a request to {Model}")]
        public static partial void Failing(ILogger logger, string fault, string model);

        [LoggerMessage(Level = LogLevel.Information, Message = "Rejected a request: {Status}/{Code}")]
        public static partial void Refused(ILogger logger, int status, int code);

        [LoggerMessage(Level = LogLevel.Debug, Message = "The client disconnected before the response")]
        public static partial void Abandoned(ILogger logger);
    }
}
