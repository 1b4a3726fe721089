using System.Diagnostics;
using System.Diagnostics.Metrics;
using McpImageGen.Contracts;
using McpImageGen.Jobs;

namespace McpImageGen.GenerationWorker.WorkersAi;

/// <summary>
/// Records a span, a duration and a cost for each call to Workers AI, following OpenTelemetry's conventions for generative AI. They
/// contain no prompt, token or account. Names and units: docs/telemetry.md.
/// </summary>
public sealed class WorkersAiTelemetry
{
    /// <summary>The name of the span source and of the meter.</summary>
    public const string Name = "McpImageGen.GenerationWorker";

    private const string Operation = "generate_content";

    private static readonly ActivitySource Source = new(Name);

    /// <summary>As recommended by the conventions.</summary>
    private static readonly InstrumentAdvice<double> Durations = new()
    {
        HistogramBucketBoundaries = [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92],
    };

    private readonly Histogram<double> _duration;
    private readonly Counter<double> _cost;
    private readonly TimeProvider _time;

    public WorkersAiTelemetry(IMeterFactory meters, TimeProvider time)
    {
        _time = time;
        var meter = meters.Create(Name);
        _duration = meter.CreateHistogram("gen_ai.client.operation.duration", "s", "Duration of a call to Workers AI.", tags: null, Durations);
        _cost = meter.CreateCounter<double>("mcpimagegen.generation.cost", "{neuron}", "Cost of the generated images, in Workers AI neurons.");
    }

    /// <summary>Runs one call and records its telemetry.</summary>
    public async Task<GeneratedImage> MeasureAsync(GenerateImage command, Func<Task<GeneratedImage>> call)
    {
        TagList tags = [new("gen_ai.operation.name", Operation), new("gen_ai.provider.name", "cloudflare.workers_ai"), new(JobMetrics.ModelTag, command.Model)];
        using var activity = Source.StartActivity(ActivityKind.Client, default, tags, name: $"{Operation} {command.Model}");
        activity?.SetTag("gen_ai.output.type", "image").SetTag("mcpimagegen.job.id", command.JobId);
        var started = _time.GetTimestamp();
        try
        {
            var image = await call();
            _cost.Add(image.Neurons ?? 0, new KeyValuePair<string, object?>(JobMetrics.ModelTag, command.Model));
            activity?.SetTag("mcpimagegen.generation.cost", image.Neurons);
            return image;
        }
        catch (Exception exception)
        {
            var error = exception is WorkersAiException { Failure: var failure } ? failure.Code : exception.GetType().FullName;
            tags.Add("error.type", error);
            activity?.SetTag("error.type", error).SetStatus(ActivityStatusCode.Error);
            throw;
        }
        finally
        {
            _duration.Record(_time.GetElapsedTime(started).TotalSeconds, tags);
        }
    }
}
