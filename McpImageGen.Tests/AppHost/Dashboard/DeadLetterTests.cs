using System.Text;
using McpImageGen.AppHost.Dashboard.DeadLetters;
using McpImageGen.Jobs.Bus;
using McpImageGen.Tests.Containers;
using McpImageGen.Tests.Distributed;
using McpImageGen.Tests.Testing;

namespace McpImageGen.Tests.AppHost.Dashboard;

/// <summary>The commands for messages that no worker will read, on a real broker that the AppHost is given.</summary>
[Slow]
public sealed class DeadLetterTests(Servers servers)
{
    private const string Broker = "messaging";
    private const string Errors = GenerationQueue.Name + "_error";

    private static readonly Guid Job = Guid.CreateVersion7();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public void Dashboard_commands_use_the_queue_names_of_the_services()
    {
        Assert.Equal(GenerationQueue.Name, DeadLetterConnection.WorkersQueue);
        Assert.Equal(GenerationQueue.Unread, DeadLetterConnection.Names);
    }

    [Fact]
    public async Task Show_command_lists_dead_letters_with_job_and_reason_and_keeps_them()
    {
        await using var broker = await DeadLetterVirtualHost.NewAsync(servers);
        await broker.DeclareAsync(Errors);
        await broker.SendAsync(Errors, Message("a secret wish"), ("MT-Fault-ExceptionType", "System.Exception"), ("MT-Fault-Message", "It is broken."));
        await broker.SendAsync(Errors, "no message");
        await using var model = await ModelOfAsync(broker);

        var shown = await model.ExecuteAsync(Broker, DeadLetterCommands.ShowCommandName);
        var again = await model.ExecuteAsync(Broker, DeadLetterCommands.ShowCommandName, ("queue", Errors), ("content", "true"));

        Assert.Equal("2 messages.", shown.Message);
        Assert.Contains($"- job {Job}: System.Exception: It is broken.", shown.Data!.Value, StringComparison.Ordinal);
        Assert.Contains("- job unknown: unknown", shown.Data.Value, StringComparison.Ordinal);
        Assert.Contains("generate-image_skipped: 0 messages", shown.Data.Value, StringComparison.Ordinal);
        Assert.DoesNotContain("a secret wish", shown.Data.Value, StringComparison.Ordinal);
        Assert.Equal("2 messages.", again.Message);
        Assert.Contains("a secret wish", again.Data!.Value, StringComparison.Ordinal);
        Assert.DoesNotContain("generate-image_skipped", again.Data.Value, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Newest_dead_letters_are_returned_first()
    {
        await using var broker = await DeadLetterVirtualHost.NewAsync(servers);
        await broker.DeclareAsync(Errors);
        for (var number = 1; number <= 25; number++)
            await broker.SendAsync(Errors, "{}", ("MT-Reason", $"reason {number}."));
        await using var queues = await DeadLetterConnection.ConnectAsync(broker.Address, Cancel);

        var newest = await queues.NewestAsync(Errors, 3, Cancel);

        Assert.Equal(["reason 25.", "reason 24.", "reason 23."], newest.Select(letter => letter.Reason));
        Assert.Equal(25u, await queues.CountAsync(Errors, Cancel));
    }

    [Fact]
    public async Task Resent_dead_letters_reach_the_worker_queue_without_fault_headers()
    {
        await using var broker = await DeadLetterVirtualHost.NewAsync(servers);
        await broker.DeclareAsync(Errors);
        await broker.DeclareAsync(GenerationQueue.Name);
        await broker.SendAsync(Errors, Message("first"), ("MT-Fault-Message", "It is broken."), ("kept", "as it was"));
        await broker.SendAsync(Errors, Message("second"));
        await using var model = await ModelOfAsync(broker);

        var result = await model.ExecuteAsync(Broker, DeadLetterCommands.SendAgainCommandName);

        Assert.Equal("2 messages sent again.", result.Message);
        Assert.Equal(0u, await broker.CountAsync(Errors));
        var first = await broker.ReceiveAsync(GenerationQueue.Name);
        Assert.Equal(Message("first"), Encoding.UTF8.GetString(first!.Body.Span));
        Assert.Contains("kept", first.BasicProperties.Headers!.Keys);
        Assert.DoesNotContain("MT-Fault-Message", first.BasicProperties.Headers.Keys);
        Assert.Equal(Message("second"), Encoding.UTF8.GetString((await broker.ReceiveAsync(GenerationQueue.Name))!.Body.Span));
    }

    [Fact]
    public async Task Dead_letters_stay_in_their_queue_when_the_worker_queue_does_not_exist()
    {
        await using var broker = await DeadLetterVirtualHost.NewAsync(servers);
        await broker.DeclareAsync(Errors);
        await broker.SendAsync(Errors, Message("still there"));
        await using var model = await ModelOfAsync(broker);

        var result = await model.ExecuteAsync(Broker, DeadLetterCommands.SendAgainCommandName);

        Assert.False(result.Success);
        Assert.Contains("start a worker", result.Message, StringComparison.Ordinal);
        await Until.HoldsAsync(() => broker.CountAsync(Errors), count => count == 1, "the message is back in its queue");
    }

    [Fact]
    public async Task Delete_command_removes_dead_letters_only_from_the_selected_queue()
    {
        await using var broker = await DeadLetterVirtualHost.NewAsync(servers);
        foreach (var queue in new[] { Errors, GenerationQueue.Name + "_skipped" })
        {
            await broker.DeclareAsync(queue);
            await broker.SendAsync(queue, "{}");
        }

        await using var model = await ModelOfAsync(broker);

        var result = await model.ExecuteAsync(Broker, DeadLetterCommands.DeleteCommandName, ("queue", Errors));

        Assert.Equal("1 message deleted.", result.Message);
        Assert.Equal((0u, 1u), (await broker.CountAsync(Errors), await broker.CountAsync(GenerationQueue.Name + "_skipped")));
    }

    [Fact]
    public async Task Command_reports_an_unavailable_broker()
    {
        await using var model = await SystemModel.RunAsync($"--ConnectionStrings:messaging=amqp://127.0.0.1:{FreePort.Next()}");

        var result = await model.ExecuteAsync(Broker, DeadLetterCommands.ShowCommandName);

        Assert.Equal((false, "The message broker is not available."), (result.Success, result.Message));
    }

    [Fact]
    public async Task Unreadable_message_has_a_reason_and_becomes_a_dead_letter_again_when_resent()
    {
        await using var system = new DistributedSystem(servers);
        await system.StartedAsync();
        await using var copies = await CopiedMessages.StartAsync(system.Broker);
        await copies.SendAsync("no message"u8.ToArray());
        await using var queues = await DeadLetterConnection.ConnectAsync(system.Broker, Cancel);
        await Until.HoldsAsync(() => queues.CountAsync(Errors, Cancel), count => count == 1, "the worker gives the message up");

        var letter = Assert.Single(await queues.NewestAsync(Errors, 10, Cancel));
        Assert.Contains("Exception", letter.Reason, StringComparison.Ordinal);
        Assert.Equal((null, "no message"), (letter.JobId, letter.Content));

        Assert.Equal(1, await queues.RedispatchAsync(Errors, Cancel));
        await Until.HoldsAsync(() => queues.CountAsync(Errors, Cancel), count => count == 1, "the worker gives the message up again");
    }

    private static Task<SystemModel> ModelOfAsync(DeadLetterVirtualHost broker) => SystemModel.RunAsync($"--ConnectionStrings:messaging={broker.Address}");

    private static string Message(string prompt) => $$"""{ "message": { "jobId": "{{Job}}", "prompt": "{{prompt}}" } }""";
}
