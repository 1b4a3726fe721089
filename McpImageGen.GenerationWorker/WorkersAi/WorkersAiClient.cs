using System.Globalization;
using McpImageGen.Contracts;
using McpImageGen.Contracts.Models;
using Microsoft.Extensions.Options;

namespace McpImageGen.GenerationWorker.WorkersAi;

/// <summary>
/// Generates images with Cloudflare Workers AI, directly or through an AI Gateway. Each call is a single attempt; retries are scheduled
/// on the job's row.
/// </summary>
public sealed partial class WorkersAiClient(
    HttpClient http, SeedSupport seeds, WorkersAiTelemetry telemetry, IOptions<WorkersAiOptions> options, TimeProvider time,
    ILogger<WorkersAiClient> logger)
{
    /// <summary>Ten times the largest image that a model generates today, including base64 overhead.</summary>
    private const int MaxAnswer = 32 * 1024 * 1024;

    private const int MaxError = 64 * 1024;

    private readonly WorkersAiOptions _options = options.Value;

    /// <summary>Generates one image from the prompt alone.</summary>
    /// <inheritdoc cref="GenerateAsync(GenerateImage, IReadOnlyList{byte[]}, CancellationToken)"/>
    public Task<GeneratedImage> GenerateAsync(GenerateImage command, CancellationToken cancellationToken) =>
        GenerateAsync(command, [], cancellationToken);

    /// <summary>Generates one image.</summary>
    /// <param name="command">What to generate.</param>
    /// <param name="inputImages">The command's input images: JPEG files, each smaller than 512 × 512.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="WorkersAiException">No image was generated; the failure says what to do about it.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public Task<GeneratedImage> GenerateAsync(
        GenerateImage command, IReadOnlyList<byte[]> inputImages, CancellationToken cancellationToken) =>
        telemetry.MeasureAsync(command, () => CallAsync(ModelOf(command, inputImages.Count), command, inputImages, cancellationToken));

    /// <summary>
    /// Sends the seed unless the model has refused it before. A request that is refused as invalid is sent once more without it: no page of Cloudflare's
    /// says that every model takes one. What is refused is not charged.
    /// </summary>
    private async Task<GeneratedImage> CallAsync(
        WorkersAiModel model, GenerateImage command, IReadOnlyList<byte[]> inputImages, CancellationToken cancellationToken)
    {
        if (command.Parameters.Seed is null)
            return await SendAsync(model, command, inputImages, cancellationToken);

        var withoutSeed = command with { Parameters = command.Parameters with { Seed = null } };
        if (seeds.IsRefusedBy(model))
            return await SendAsync(model, withoutSeed, inputImages, cancellationToken) with { SeedIgnored = true };
        try
        {
            return await SendAsync(model, command, inputImages, cancellationToken);
        }
        catch (WorkersAiException refused) when (refused.Failure.Code == ErrorCode.InvalidRequest)
        {
            var image = await SendAsync(model, withoutSeed, inputImages, cancellationToken);
            seeds.SetRefusedBy(model);
            return image with { SeedIgnored = true };
        }
    }

    private async Task<GeneratedImage> SendAsync(
        WorkersAiModel model, GenerateImage command, IReadOnlyList<byte[]> inputImages, CancellationToken cancellationToken)
    {
        var isSuccess = false;
        using var timeLimit = new CancellationTokenSource(_options.Timeout, time);
        using var call = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeLimit.Token);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, _options.AddressOf(model.Id));
            request.Content = model.CreateContent(command, model.Fields, inputImages);
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, call.Token);
            isSuccess = response.IsSuccessStatusCode;
            return isSuccess
                ? await ReadImageAsync(response, command, inputImages.Count, call.Token)
                : throw Refusal(response, ErrorTable.FailureOf(AnswerOf(response, await ReadErrorAsync(response, call.Token), command)), command);
        }
        catch (Exception e) when (e is OperationCanceledException or HttpRequestException or IOException)
        {
            // A cancelled call sometimes ends as a broken connection, so check the tokens, not the exception's type.
            cancellationToken.ThrowIfCancellationRequested();
            var failure = e is OperationCanceledException || timeLimit.IsCancellationRequested ? TimedOut : ConnectionLost;
            throw new WorkersAiException(failure with { WasCharged = isSuccess }, e);
        }
    }

    private static WorkersAiFailure TimedOut { get; } = new(
        WorkersAiFailureKind.Transient, ErrorCode.ProviderTimeout,
        "Workers AI did not respond within the time limit (WorkersAi__Timeout).");

    private static WorkersAiFailure ConnectionLost { get; } = new(
        WorkersAiFailureKind.Transient, ErrorCode.ConnectionLost,
        "Workers AI could not be reached, or the connection was lost.");

    private static WorkersAiModel ModelOf(GenerateImage command, int inputImages)
    {
        if (WorkersAiModel.Find(command.Model) is not { } model)
            throw Permanent(ErrorCode.ModelUnavailable, $"Unknown model. Available models: {string.Join(", ", WorkersAiModel.All.Select(known => known.Name))}.");
        if (model.Fields.FirstNotTaken(command.Parameters) is { } parameter)
            throw Permanent(ErrorCode.InvalidRequest, $"{model.Name} does not support the given '{parameter}'. Omit it, or choose another model.");
        if (inputImages > ImageModel.Find(command.Model)!.InputImages)
            throw Permanent(ErrorCode.InvalidRequest, $"{model.Name} does not accept {inputImages} input image(s). Choose another model.");
        return model;
    }

    private async Task<GeneratedImage> ReadImageAsync(
        HttpResponseMessage response, GenerateImage command, int inputImages, CancellationToken cancellationToken)
    {
        var body = await ResponseBody.ReadAsync(response.Content, MaxAnswer, cancellationToken);
        var (bytes, format, problem) = body.IsWhole
            ? ImageResponse.Read(body.Bytes)
            : (default, null, $"The response from Workers AI was larger than {MaxAnswer} bytes");
        if (format is not null)
            return new GeneratedImage(bytes, format, NeuronsOf(response) ?? ImageModel.Find(command.Model)?.Neurons?.Invoke(command.Parameters, inputImages));

        // An error in spite of the status, if it says so; else an image that cannot be used.
        var answer = AnswerOf(response, body.Bytes[..Math.Min(body.Bytes.Length, MaxError)], command) with { Problem = problem! };
        var failure = ErrorTable.FailureOf(answer);
        throw failure.Code == ErrorCode.BrokenAnswer
            ? new WorkersAiException(failure with { WasCharged = answer.Codes.Count == 0 || NeuronsOf(response) > 0 })
            : Refusal(response, failure, command);
    }

    private static async Task<ReadOnlyMemory<byte>> ReadErrorAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        try
        {
            return (await ResponseBody.ReadAsync(response.Content, MaxError, cancellationToken)).Bytes;
        }
        catch (Exception e) when (e is HttpRequestException or IOException && !cancellationToken.IsCancellationRequested)
        {
            return default; // the status alone is sufficient
        }
    }

    private ErrorResponse AnswerOf(HttpResponseMessage response, ReadOnlyMemory<byte> body, GenerateImage command)
    {
        string?[] secrets = [command.Prompt, command.Parameters.NegativePrompt, _options.ApiToken, _options.GatewayToken, _options.AccountId];
        return ErrorResponse.Of(response, body.Span, secrets, time.GetUtcNow());
    }

    private WorkersAiException Refusal(HttpResponseMessage response, WorkersAiFailure failure, GenerateImage command)
    {
        if (failure.OperatorMustAct)
            Log.OperatorMustAct(logger, command.JobId, failure.Message, HeaderOf(response, "cf-ray"));
        return new WorkersAiException(failure);
    }

    private static double? NeuronsOf(HttpResponseMessage response) =>
        double.TryParse(HeaderOf(response, "cf-ai-neurons"), NumberStyles.Float, CultureInfo.InvariantCulture, out var neurons)
        && double.IsFinite(neurons) && neurons >= 0 ? neurons : null;

    private static string? HeaderOf(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? values.FirstOrDefault() : null;

    private static WorkersAiException Permanent(string code, string message) =>
        new(new WorkersAiFailure(WorkersAiFailureKind.Permanent, code, message));

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "Job {JobId} failed, and further jobs will fail until this is fixed: {Message} (cf-ray {Ray})")]
        public static partial void OperatorMustAct(ILogger logger, Guid jobId, string message, string? ray);
    }
}
