using System.Diagnostics;
using MassTransit;
using McpImageGen.Contracts;
using McpImageGen.GenerationWorker.Background;
using McpImageGen.GenerationWorker.RateLimit;
using McpImageGen.GenerationWorker.WorkersAi;
using McpImageGen.Jobs;
using McpImageGen.Jobs.Claiming;
using McpImageGen.Jobs.Scheduling;
using McpImageGen.Jobs.Signals;

namespace McpImageGen.GenerationWorker.Generation;

/// <summary>
/// Handles one command with one attempt: claim the job, reserve a request in the rate limit, generate, store, complete, signal. Every
/// outcome is recorded on the job's row; an exception escapes only when the worker stops in the middle, and then the job is reclaimed.
/// </summary>
public sealed partial class GenerateImageConsumer(
    JobClaims claims,
    JobDispatcher dispatcher,
    IRateLimit rateLimit,
    InputImages inputImages,
    WorkersAiClient workersAi,
    ImageUploader images,
    RetryPolicy retry,
    IJobSignals signals,
    WorkerContext worker,
    CancellationWatcher cancellations,
    JobMetrics metrics,
    TimeProvider time,
    ILogger<GenerateImageConsumer> logger) : IConsumer<GenerateImage>
{
    public async Task Consume(ConsumeContext<GenerateImage> context)
    {
        // Not the context's token: MassTransit cancels it when the broker connection is lost, and the running generation is already paid for.
        var stopping = worker.Stopping;
        var command = context.Message;
        if (worker.IsDraining)
        {
            // This message is acknowledged, so another worker needs a new one, even after the drain time has passed.
            await dispatcher.RedispatchAsync([command.JobId], CancellationToken.None);
            return;
        }

        await worker.Registered.WaitAsync(stopping);

        // Registered before the claim, so that a cancellation right after the claim is not missed.
        using var attempt = cancellations.Begin(command.JobId);
        if (await claims.ClaimAsync(command.JobId, worker.Id, stopping) is not { } job)
            return;

        Log.Started(logger, job.Id, command.Model, job.Attempts);
        var started = time.GetTimestamp();
        try
        {
            if (!await images.IsPermittedAsync(stopping))
            {
                await SettleAsync(job, RetryPolicy.WhileStoreRefuses(), stopping);
                return;
            }

            if (await rateLimit.TakeAsync(job.Id, stopping) is var wait && wait > TimeSpan.Zero)
            {
                await SettleAsync(job, RetryPolicy.AtItsTurn(wait), stopping);
                return;
            }

            var inputs = await inputImages.ReadAsync(command, stopping);
            metrics.Started(job, job.DatabaseTime(time));
            var image = await workersAi.GenerateAsync(command, inputs, attempt.Aborted);
            var generatedAt = job.DatabaseTime(time);
            var key = await images.UploadAsync(job, image, stopping);
            var finished = new FinishedImage(key, image.Bytes.Length, image.Neurons, generatedAt) { SeedIgnored = image.SeedIgnored };
            if (await claims.CompleteAsync(job, finished, stopping))
            {
                Log.Completed(logger, job.Id, (long)time.GetElapsedTime(started).TotalMilliseconds);
                metrics.Completed(job);
                await SignalAsync(job.Id);
            }
            else
            {
                Log.ClaimLost(logger, job.Id);
                await images.DiscardAsync(job, key, stopping);
            }
        }
        catch (WorkersAiException failure)
        {
            await SettleAsync(job, retry.After(failure, job), stopping);
        }
        catch (IOException)
        {
            await SettleAsync(job, retry.AfterStoreFailure(job), stopping);
        }
        catch (OperationCanceledException) when (attempt.Aborted.IsCancellationRequested)
        {
            // If the job was cancelled, its row already says so and is not changed.
            await ReleaseAsync(job);
        }
        catch (Exception exception)
        {
            Log.Unexpected(logger, job.Id, exception);
            await SettleAsync(job, retry.AfterUnexpected(job), stopping);
        }
    }

    private async Task SettleAsync(ClaimedJob job, AttemptOutcome outcome, CancellationToken stopping)
    {
        switch (outcome)
        {
            case AttemptOutcome.Reschedule later when await claims.RescheduleAsync(job, later.Retry, stopping):
                Log.Rescheduled(logger, job.Id, later.Retry.Delay.TotalSeconds, later.Retry.Code, later.Retry.Reason);
                metrics.Rescheduled(job, later.Retry);
                break;
            case AttemptOutcome.Fail giveUp when await claims.FailAsync(job, giveUp.Code, giveUp.Error, stopping):
                Log.Failed(logger, job.Id, giveUp.Code, giveUp.Error);
                metrics.Failed(job, giveUp.Code);
                await SignalAsync(job.Id);
                break;
            default:
                Log.ClaimLost(logger, job.Id);
                break;
        }
    }

    private async Task ReleaseAsync(ClaimedJob job)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(5), time);
        if (await claims.ReleaseAsync(job, limit.Token))
            Log.Released(logger, job.Id);
        else
            Log.Aborted(logger, job.Id);
    }

    private async Task SignalAsync(Guid jobId)
    {
        using var activity = JobTraces.Start("signal job", jobId, ActivityKind.Producer);
        try
        {
            await signals.PublishAsync(new JobFinished(jobId), CancellationToken.None);
        }
        catch (Exception exception)
        {
            activity?.SetStatus(ActivityStatusCode.Error);
            // Waiting calls read the row a little later.
            Log.NotSignalled(logger, jobId, exception.Message);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Debug, "Job {JobId} started with {Model}, attempt {Attempt}")]
        public static partial void Started(ILogger logger, Guid jobId, string model, int attempt);

        [LoggerMessage(LogLevel.Information, "Job {JobId} completed in {Milliseconds} ms")]
        public static partial void Completed(ILogger logger, Guid jobId, long milliseconds);

        [LoggerMessage(LogLevel.Warning, "Job {JobId} failed ({Code}): {Reason}")]
        public static partial void Failed(ILogger logger, Guid jobId, string code, string reason);

        [LoggerMessage(LogLevel.Information, "Job {JobId} will be retried in {Seconds:0.0} s ({Code}): {Reason}")]
        public static partial void Rescheduled(ILogger logger, Guid jobId, double seconds, string code, string reason);

        [LoggerMessage(LogLevel.Information, "Job {JobId} was released because this worker is stopping")]
        public static partial void Released(ILogger logger, Guid jobId);

        [LoggerMessage(LogLevel.Information, "Job {JobId} was cancelled; its generation was aborted")]
        public static partial void Aborted(ILogger logger, Guid jobId);

        [LoggerMessage(LogLevel.Warning, "Job {JobId} is no longer claimed by this worker; the result was discarded")]
        public static partial void ClaimLost(ILogger logger, Guid jobId);

        [LoggerMessage(LogLevel.Warning, "Job {JobId} is finished, but the signal to waiting calls could not be sent: {Reason}")]
        public static partial void NotSignalled(ILogger logger, Guid jobId, string reason);

        [LoggerMessage(LogLevel.Error, "An unexpected error occurred in job {JobId}")]
        public static partial void Unexpected(ILogger logger, Guid jobId, Exception exception);
    }
}

/// <summary>What happens to a job after a failed attempt.</summary>
public abstract record AttemptOutcome
{
    private AttemptOutcome()
    {
    }

    /// <summary>The job is retried later.</summary>
    public sealed record Reschedule(RetryPlan Retry) : AttemptOutcome;

    /// <summary>The job has failed permanently.</summary>
    public sealed record Fail(string Code, string Error) : AttemptOutcome;
}
