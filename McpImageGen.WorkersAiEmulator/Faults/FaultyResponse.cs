using McpImageGen.WorkersAiEmulator.Answers;
using McpImageGen.WorkersAiEmulator.Models;

namespace McpImageGen.WorkersAiEmulator.Faults;

/// <summary>Sends the response for a fault.</summary>
internal static class FaultyResponse
{
    public static async Task SendAsync(
        Fault fault, HttpContext context, Guid request, EmulatedModel model, Func<Task<byte[]>> draw, CancellationToken stopping)
    {
        switch (fault.Kind)
        {
            case FaultKind.Error:
                await Answer.Error(fault.Error!, request).SendAsync(context.Response);
                break;
            case FaultKind.EdgeError:
                await Answer.Text(fault.Status, fault.Error!.Message).SendAsync(context.Response);
                break;
            case FaultKind.Dropped:
                context.Abort();
                break;
            case FaultKind.DroppedMidway:
                await SendHalfAndDropAsync(Answer.Image(model, await draw()), context);
                break;
            case FaultKind.Truncated:
                var whole = Answer.Image(model, await draw());
                await (whole with { Body = whole.Body[..(whole.Body.Length / 2)] }).SendAsync(context.Response);
                break;
            case FaultKind.Empty:
                await (Answer.Image(model, []) with { Body = [] }).SendAsync(context.Response);
                break;
            case FaultKind.NotAnImage:
                await Answer.Image(model, "This is a sentence and not an image."u8).SendAsync(context.Response);
                break;
            case FaultKind.NoImage:
                await Answer.NoImage().SendAsync(context.Response);
                break;
            case FaultKind.NoAnswer:
                await NeverAsync(context, stopping);
                break;
            default:
                throw new InvalidOperationException($"No response is defined for the fault {fault.Name}.");
        }
    }

    private static async Task SendHalfAndDropAsync(Answer answer, HttpContext context)
    {
        var response = context.Response;
        (response.StatusCode, response.ContentType, response.ContentLength) = (answer.Status, answer.ContentType, answer.Body.Length);
        await response.Body.WriteAsync(answer.Body.AsMemory(0, answer.Body.Length / 2), context.RequestAborted);
        await response.Body.FlushAsync(context.RequestAborted);
        context.Abort();
    }

    /// <summary>Ends when the client disconnects or the emulator stops, so that it does not delay the emulator's shutdown.</summary>
    private static async Task NeverAsync(HttpContext context, CancellationToken stopping)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        await Task.Delay(Timeout.InfiniteTimeSpan, end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        context.Abort();
    }
}
