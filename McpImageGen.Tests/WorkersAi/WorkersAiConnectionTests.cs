using System.Net;
using System.Net.Sockets;
using System.Text;
using McpImageGen.Contracts;
using McpImageGen.Contracts.Models;
using McpImageGen.GenerationWorker.WorkersAi;
using Microsoft.AspNetCore.Http;

namespace McpImageGen.Tests.WorkersAi;

public sealed class WorkersAiConnectionTests
{
    private static readonly TimeSpan TimeLimit = new WorkersAiOptions().Timeout;

    /// <summary>Milliseconds; never reached but by a client that waits for ever.</summary>
    private const int HangLimit = 60_000;

    [Fact]
    public async Task Connection_lost_before_the_response_is_a_transient_failure()
    {
        await using var provider = await ScriptedProvider.AnsweringAsync(context =>
        {
            context.Abort();
            return Task.CompletedTask;
        });
        using var host = new ClientHost(provider.Address);

        AssertTransient(ErrorCode.ConnectionLost, await host.FailAsync());
        Assert.Single(provider.Received);
    }

    [Theory]
    [InlineData("Content-Length: 10000\r\n\r\n")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n2710\r\n")]
    public async Task Connection_lost_within_the_image_is_a_transient_failure(string framing)
    {
        using var listener = AnswerOnce([.. Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\n{framing}"), .. SampleImages.Png]);
        using var host = new ClientHost($"http://{listener.LocalEndpoint}");

        AssertTransient(ErrorCode.ConnectionLost, await host.FailAsync());
    }

    [Fact]
    public async Task Error_with_a_truncated_body_is_classified_by_its_status()
    {
        using var listener = AnswerOnce("HTTP/1.1 403 Forbidden\r\nContent-Length: 10000\r\n\r\n{"u8.ToArray());
        using var host = new ClientHost($"http://{listener.LocalEndpoint}");

        Assert.Equal(ErrorCode.CredentialsRejected, (await host.FailAsync()).Code);
    }

    [Fact]
    public async Task Unreachable_provider_is_a_transient_failure()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var address = $"http://{listener.LocalEndpoint}";
        listener.Stop();
        using var host = new ClientHost(address);

        AssertTransient(ErrorCode.ConnectionLost, await host.FailAsync());
    }

    [Theory(Timeout = HangLimit)]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Provider_timeout_is_a_transient_failure(bool inTheBody)
    {
        var hanging = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var provider = await ScriptedProvider.AnsweringAsync(context => Hang(context, inTheBody, hanging));
        using var host = new ClientHost(provider.Address);
        var failing = host.FailAsync();
        await hanging.Task.WaitAsync(TestContext.Current.CancellationToken);

        host.Clock.Advance(TimeLimit - TimeSpan.FromMilliseconds(1));
        Assert.False(failing.IsCompleted);
        host.Clock.Advance(TimeSpan.FromMilliseconds(1));

        AssertTransient(ErrorCode.ProviderTimeout, await failing);
    }

    [Theory(Timeout = HangLimit)]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Cancelled_generation_throws_OperationCanceledException_and_aborts_the_request(bool inTheBody)
    {
        var hanging = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var aborted = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var provider = await ScriptedProvider.AnsweringAsync(context =>
        {
            context.RequestAborted.Register(aborted.SetResult);
            return Hang(context, inTheBody, hanging);
        });
        using var host = new ClientHost(provider.Address);
        using var caller = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var generating = host.Client.GenerateAsync(ClientHost.Command(ImageModel.SdxlBase), caller.Token);
        await hanging.Task.WaitAsync(TestContext.Current.CancellationToken);

        await caller.CancelAsync();

        var exception = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => generating);
        Assert.Equal(caller.Token, exception.CancellationToken);
        await aborted.Task.WaitAsync(TestContext.Current.CancellationToken); // the provider sees it too
    }

    /// <summary>
    /// Sends these bytes to the first client and closes the connection in order. Kestrel's abort would do it with a reset, which
    /// throws away what the client has not read yet: what the client then sees is a matter of luck.
    /// </summary>
    private static TcpListener AnswerOnce(byte[] answer)
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        _ = Task.Run(async () =>
        {
            using var client = await listener.AcceptTcpClientAsync(TestContext.Current.CancellationToken);
            var stream = client.GetStream();
            var request = new StringBuilder();
            var buffer = new byte[4096];
            while (!request.ToString().EndsWith('}')) // the request's body is one JSON object
                request.Append(Encoding.UTF8.GetString(buffer, 0, await stream.ReadAsync(buffer, TestContext.Current.CancellationToken)));
            await stream.WriteAsync(answer, TestContext.Current.CancellationToken);
            client.Client.Shutdown(SocketShutdown.Send);
            await stream.CopyToAsync(Stream.Null, TestContext.Current.CancellationToken); // until the client closes it, too
        });
        return listener;
    }

    /// <summary>Hangs before the headers, or in the body where the client is sure to read it: no buffer between them holds 20 MB.</summary>
    private static async Task Hang(HttpContext context, bool inTheBody, TaskCompletionSource hanging)
    {
        if (inTheBody)
            await context.Response.Body.WriteAsync(new byte[20_000_000], context.RequestAborted);
        hanging.SetResult();
        await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
    }

    private static void AssertTransient(string code, WorkersAiFailure failure) =>
        Assert.Equal((WorkersAiFailureKind.Transient, code), (failure.Kind, failure.Code));
}
